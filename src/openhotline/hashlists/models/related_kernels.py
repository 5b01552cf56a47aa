"""Noting queries in the file of near queries, compiled: a lookup is compared with 4,096 hashes, and waits for it."""

import fcntl

import numpy as np
from numba import types
from numpy.typing import NDArray

from hashmatch.compiled import WORDS_2D, compiled, compiled_late, popcount
from openhotline.hashlists.models.related_parts import BITS, GROWS, LEADERS, MOST_PASSED, PARTS, SIZE

I64, U64 = np.int64, np.uint64
LOCK, UNLOCK, TRIES = fcntl.LOCK_EX, fcntl.LOCK_UN, 100
# The system's own, called from compiled code.
_flock = types.ExternalFunction("flock", types.int32(types.int32, types.int32))
_WORDS, _SEEN, _UNUSED, _FLAGGED = (sum(PARTS[:part]) for part in range(1, 5))


@compiled()
def place_of(head: NDArray[np.uint64], a: np.uint64, b: np.uint64, c: np.uint64, d: np.uint64) -> np.uint64:
    """One of 1,024 places for a hash; without the day's secret words nobody finds hashes that share one."""
    mixed = head[2]
    for word in (a, b, c, d):
        mixed = (mixed ^ word) * U64(0x9FB21C651E98DF25) + head[3]
        mixed ^= mixed >> U64(32)
        mixed *= U64(0xD6E8FEB86659FD93)
        mixed ^= mixed >> U64(29)
    return U64(mixed >> U64(54))


@compiled()
def _many(seen: NDArray[np.uint64], at: np.int64) -> np.int64:
    many = I64(0)
    for word in range(seen.shape[1]):
        many += I64(popcount(seen[at, word]))
    return many


@compiled()
def _given_away(head: NDArray[np.uint64], seen: NDArray[np.uint64]) -> np.int64:
    """The oldest row that nothing came near to: groups that grow stay, or noise would hide them."""
    at = I64(0)
    for _ in range(MOST_PASSED):
        at = I64(head[1] % U64(seen.shape[0]))
        head[1] += U64(1)
        if _many(seen, at) < GROWS:
            break
    return at


@compiled()
def _nearest(
    words: NDArray[np.uint64], unused: NDArray[np.uint16], query: NDArray[np.uint64]
) -> tuple[np.int64, np.int64]:
    """The first of the rows that are nearest to a query, and how many bits lie between them."""
    apart = np.empty(words.shape[1], np.uint16)
    a, b, c, d = query[0], query[1], query[2], query[3]
    least = np.uint16(0xFFFF)
    for at in range(words.shape[1]):
        bits = popcount(words[0, at] ^ a) + popcount(words[1, at] ^ b)
        bits += popcount(words[2, at] ^ c) + popcount(words[3, at] ^ d)
        apart[at] = np.uint16(bits) + unused[at]
        least = min(least, apart[at])
    first = I64(0)
    while apart[first] != least:
        first += I64(1)
    return first, I64(least)


@compiled()
def _noted(content: NDArray[np.uint8], queries: NDArray[np.uint64], near: int, flag_at: int) -> NDArray[np.int64]:
    head = content[:_WORDS].view(np.uint64)
    words = content[_WORDS:_SEEN].view(np.uint64).reshape(4, LEADERS)
    seen = content[_SEEN:_UNUSED].view(np.uint64).reshape(LEADERS, BITS // 64)
    unused, flagged = content[_UNUSED:_FLAGGED].view(np.uint16), content[_FLAGGED:SIZE]
    told, used = np.empty(queries.shape[0], np.int64), 0
    for query in range(queries.shape[0]):
        a, b, c, d = queries[query, 0], queries[query, 1], queries[query, 2], queries[query, 3]
        at, bits = _nearest(words, unused, queries[query])
        if bits > near:
            at = _given_away(head, seen)
            words[0, at], words[1, at], words[2, at], words[3, at] = a, b, c, d
            seen[at] = U64(0)
            unused[at], flagged[at] = 0, 0
        place = place_of(head, a, b, c, d)
        seen[at, place >> U64(6)] |= U64(1) << (place & U64(63))
        many = _many(seen, at)
        if not flagged[at] and many >= flag_at:
            flagged[at] = 1
            told[used] = many
            used += 1
    return told[:used]


@compiled_late(types.int64[::1](types.uint8[::1], types.int32, WORDS_2D, types.int64, types.int64))
def note(
    content: NDArray[np.uint8], handle: int, queries: NDArray[np.uint64], near: int, flag_at: int
) -> NDArray[np.int64]:
    """Note queries (n, 4); of each group that is to be flagged now return how many places were seen near its first.

    The file is locked by its ``handle`` in here: a process that held the lock and waited for its interpreter would
    have all others wait. Of all of the file one array is passed: to take five apart costs as much as the comparison.
    ``near`` in bits, ``flag_at`` in places.
    """
    for _ in range(TRIES):  # a signal may interrupt the wait
        if _flock(handle, LOCK) == 0:
            break
    told = _noted(content, queries, near, flag_at)
    _flock(handle, UNLOCK)
    return told
