"""The tables of an index, compiled: what an entry is, filling a table, and confirming what a table found.

A match is one 64-bit number, query << 37 | distance << 32 | row: sorting the numbers sorts the matches.
"""

from typing import NamedTuple

import numpy as np
from numba import types
from numpy.typing import NDArray

from hashmatch.brute_kernels import with_room
from hashmatch.compiled import (
    BYTES_1D,
    INT64_1D,
    INT64_2D,
    UINT16_1D,
    UINT32_1D,
    WORDS_2D,
    compiled,
    compiled_late,
    popcount,
)
from hashmatch.layout import Plan
from hashmatch.vectors import prefetch

U16, U32, U64 = np.uint16, np.uint32, np.uint64


class Held(NamedTuple):
    """Hashes and their tables as kernels take them; all read-only.

    `words` (n, 4) uint64; `gone` (n + 7) // 8 bytes, one bit a row that is removed, or empty. Of all tables together:
    `offsets` uint32 (table t begins at `bases[t]`), `fingerprints` uint16 (at t * (n + BLOCK)) and `rows` uint32
    (at t * n).
    """

    words: NDArray[np.uint64]
    gone: NDArray[np.uint8]
    offsets: NDArray[np.uint32]
    fingerprints: NDArray[np.uint16]
    rows: NDArray[np.uint32]
    bases: NDArray[np.int64]


class Waiting(NamedTuple):
    """Entries whose fingerprints are near, gathered so that their fetches overlap.

    `entries`: positions in `Held.rows`. `asked`: query << 8 | chunk (its place in the plan).
    """

    entries: NDArray[np.uint64]
    asked: NDArray[np.uint64]


HELD = types.NamedTuple((WORDS_2D, BYTES_1D, UINT32_1D, UINT16_1D, UINT32_1D, INT64_1D), Held)
PLAN = types.NamedTuple((INT64_2D, UINT32_1D, UINT16_1D), Plan)
WAITING = types.NamedUniTuple(types.uint64[::1], 2, Waiting)


@compiled()
def window(a: np.uint64, b: np.uint64, c: np.uint64, d: np.uint64, start: np.uint64) -> np.uint64:
    """64 bits of the ring of 256, from bit `start` on."""
    word, shift = start >> U64(6), start & U64(63)
    low = a if word == U64(0) else (b if word == U64(1) else (c if word == U64(2) else d))
    if shift == U64(0):
        return low
    high = b if word == U64(0) else (c if word == U64(1) else (d if word == U64(2) else a))
    return (low >> shift) | (high << (U64(64) - shift))


@compiled()
def _partition(
    words: NDArray[np.uint64],
    start: np.uint64,
    width: np.uint64,
    low: np.uint64,
    heads: NDArray[np.uint64],
    parts: NDArray[np.uint64],
) -> None:
    """Sort rows by the upper bits of their key: row << 32 | fingerprint << 16 | the `low` lower bits of the key."""
    keys = (U64(1) << width) - U64(1)
    heads[:] = 0
    for row in range(words.shape[0]):
        bits = window(words[row, 0], words[row, 1], words[row, 2], words[row, 3], start)
        heads[((bits & keys) >> low) + U64(1)] += U64(1)
    for index in range(1, heads.shape[0]):
        heads[index] += heads[index - 1]
    following = heads[:-1].copy()
    for row in range(words.shape[0]):
        bits = window(words[row, 0], words[row, 1], words[row, 2], words[row, 3], start)
        head = (bits & keys) >> low
        at = following[head]
        following[head] = at + U64(1)
        fingerprint = (bits >> width) & U64(0xFFFF)
        parts[at] = U64(row) << U64(32) | fingerprint << U64(16) | bits & ((U64(1) << low) - U64(1))


@compiled_late(
    types.void(
        WORDS_2D, types.uint64, types.uint64, types.uint32[::1], types.uint16[::1], types.uint32[::1],
        types.uint64[::1],
    )
)  # fmt: skip
def fill(
    words: NDArray[np.uint64],
    start: np.uint64,
    width: np.uint64,
    offsets: NDArray[np.uint32],
    fingerprints: NDArray[np.uint16],
    rows: NDArray[np.uint32],
    parts: NDArray[np.uint64],
) -> None:
    """Fill the table of one chunk. `parts` is room for one number a row.

    Entries of key k are offsets[k] .. offsets[k + 1] of `fingerprints` and `rows`; in a bucket, rows ascend. Rows are
    first sorted by half of the key, then by the other half, so that what is written at a time stays in the cache.
    """
    low = width // U64(2)
    heads = np.empty((1 << (width - low)) + 1, np.uint64)
    _partition(words, start, width, low, heads, parts)
    following = np.empty(1 << low, np.uint32)
    mask = (U64(1) << low) - U64(1)
    for head in range(U64(heads.shape[0] - 1)):
        following[:] = 0
        for at in range(heads[head], heads[head + U64(1)]):
            following[parts[at] & mask] += U32(1)
        total = U32(heads[head])
        for key in range(U64(following.shape[0])):
            offsets[(head << low) + key] = total
            total += following[key]
            following[key] = offsets[(head << low) + key]
        for at in range(heads[head], heads[head + U64(1)]):
            part = parts[at]
            to = following[part & mask]
            following[part & mask] = to + U32(1)
            fingerprints[to] = U16(part >> U64(16))
            rows[to] = U32(part >> U64(32))
    offsets[offsets.shape[0] - 1] = U32(words.shape[0])


@compiled()
def found_before(chunks: NDArray[np.int64], chunk: int, a: np.uint64, b: np.uint64, c: np.uint64, d: np.uint64) -> bool:
    """Say whether a pair that differs in these bits also passes in a table before this one."""
    for earlier in range(chunk):
        width = U64(chunks[earlier, 1])
        bits = window(a, b, c, d, U64(chunks[earlier, 0]))
        here = popcount(bits & ((U64(1) << width) - U64(1)))
        after = popcount((bits >> width) & U64(0xFFFF))
        if here <= U64(chunks[earlier, 5]) and here + after <= U64(chunks[earlier, 6]):
            return True
    return False


@compiled()
def confirm(
    held: Held,
    plan: Plan,
    queries: NDArray[np.uint64],
    waiting: Waiting,
    count: np.uint64,
    radius: np.uint64,
    out: NDArray[np.uint64],
    used: int,
) -> tuple[NDArray[np.uint64], int]:
    """Compare the first `count` that wait in full, and append the matches to `out`."""
    # Taken out of the tuples once: numba counts a reference each time.
    words, gone, rows, chunks, size = held.words, held.gone, held.rows, plan.chunks, U64(held.words.shape[0])
    entries, asked = waiting.entries, waiting.asked
    for at in range(count):
        row = U64(rows[entries[at]])
        entries[at] = row
        if row < size:
            prefetch(words, row * U64(4))
            prefetch(queries, (asked[at] >> U64(8)) * U64(4))
    for at in range(count):
        row, query = entries[at], asked[at] >> U64(8)
        if row >= size:
            continue  # a damaged file; `verify` says so
        a, b = words[row, 0] ^ queries[query, 0], words[row, 1] ^ queries[query, 1]
        c, d = words[row, 2] ^ queries[query, 2], words[row, 3] ^ queries[query, 3]
        distance = popcount(a) + popcount(b) + popcount(c) + popcount(d)
        if distance > radius or (gone.shape[0] and (gone[row >> U64(3)] >> U16(row & U64(7))) & 1):
            continue
        if not found_before(chunks, int(asked[at] & U64(255)), a, b, c, d):
            out = with_room(out, used)
            out[used] = query << U64(37) | distance << U64(32) | row
            used += 1
    return out, used
