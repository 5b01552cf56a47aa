"""Noting queries in the file of near queries, compiled: a lookup is compared with 4,096 hashes, and waits for it."""

from typing import NamedTuple

import numpy as np
from numba import types
from numpy.typing import NDArray

from hashmatch.compiled import WORDS_2D, compiled, compiled_late, popcount

I64, U64 = np.int64, np.uint64
LEFT_U64_1D, LEFT_U64_2D = types.uint64[::1], types.uint64[:, ::1]


class Rows(NamedTuple):
    """The parts of the file that `Groups` describes, to be written to.

    `head` (4) uint64: day, next row to be given away, and two secret words; `words` (4, n) uint64: the first hash of
    each row; `seen` (n, 16) uint64: which places were seen near it; `unused` (n) uint16: added to the distance, so that
    a row that is free is near nothing; `flagged` (n) uint8.
    """

    head: NDArray[np.uint64]
    words: NDArray[np.uint64]
    seen: NDArray[np.uint64]
    unused: NDArray[np.uint16]
    flagged: NDArray[np.uint8]


class Bounds(NamedTuple):
    """From how many bits on a query is near none; how many places make a group grow, or flagged; how many rows pass."""

    near: int
    grows: int
    flag_at: int
    most_passed: int


ROWS = types.NamedTuple((LEFT_U64_1D, LEFT_U64_2D, LEFT_U64_2D, types.uint16[::1], types.uint8[::1]), Rows)
BOUNDS = types.NamedUniTuple(types.int64, 4, Bounds)


@compiled()
def _place(head: NDArray[np.uint64], a: np.uint64, b: np.uint64, c: np.uint64, d: np.uint64) -> np.uint64:
    """One of 1,024 places for a hash; without the day's secret words nobody finds hashes that share one."""
    mixed = head[2]
    for word in (a, b, c, d):
        mixed = (mixed ^ word) * U64(0x9FB21C651E98DF25) + head[3]
        mixed ^= mixed >> U64(32)
        mixed *= U64(0xD6E8FEB86659FD93)
        mixed ^= mixed >> U64(29)
    return mixed >> U64(54)


@compiled()
def _many(seen: NDArray[np.uint64], at: int) -> int:
    many = I64(0)
    for word in range(seen.shape[1]):
        many += I64(popcount(seen[at, word]))
    return many


@compiled()
def _given_away(rows: Rows, bounds: Bounds) -> int:
    """The oldest row that nothing came near to: groups that grow stay, or noise would hide them."""
    head, seen, at = rows.head, rows.seen, I64(0)
    for _ in range(bounds.most_passed):
        at = I64(head[1] % U64(seen.shape[0]))
        head[1] += U64(1)
        if _many(seen, at) < bounds.grows:
            break
    return at


@compiled()
def _nearest(words: NDArray[np.uint64], unused: NDArray[np.uint16], query: NDArray[np.uint64]) -> tuple[int, int]:
    """The first of the rows that are nearest to a query, and how many bits lie between them."""
    apart = np.empty(words.shape[1], np.uint16)
    a, b, c, d = query[0], query[1], query[2], query[3]
    least = np.uint16(0xFFFF)
    for at in range(words.shape[1]):
        bits = popcount(words[0, at] ^ a) + popcount(words[1, at] ^ b)
        bits += popcount(words[2, at] ^ c) + popcount(words[3, at] ^ d)
        apart[at] = np.uint16(bits) + unused[at]
        least = min(least, apart[at])
    at = 0
    while apart[at] != least:
        at += 1
    return at, I64(least)


@compiled_late(types.int64[::1](ROWS, WORDS_2D, BOUNDS))
def note(rows: Rows, queries: NDArray[np.uint64], bounds: Bounds) -> NDArray[np.int64]:
    """Note queries (n, 4); of each group that is to be flagged now return how many places were seen near its first."""
    words, seen, flagged = rows.words, rows.seen, rows.flagged
    told, used = np.empty(queries.shape[0], np.int64), 0
    for query in range(queries.shape[0]):
        a, b, c, d = queries[query, 0], queries[query, 1], queries[query, 2], queries[query, 3]
        at, bits = _nearest(words, rows.unused, queries[query])
        if bits > bounds.near:
            at = _given_away(rows, bounds)
            words[0, at], words[1, at], words[2, at], words[3, at] = a, b, c, d
            seen[at] = U64(0)
            rows.unused[at], flagged[at] = 0, 0
        place = _place(rows.head, a, b, c, d)
        seen[at, place >> U64(6)] |= U64(1) << (place & U64(63))
        many = _many(seen, at)
        if not flagged[at] and many >= bounds.flag_at:
            flagged[at] = 1
            told[used] = many
            used += 1
    return told[:used]
