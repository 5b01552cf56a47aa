"""Compare every query with every hash, compiled; for lists so short that this is faster than tables."""

import numpy as np
from numba import types
from numpy.typing import NDArray

from hashmatch.balance import balance
from hashmatch.compiled import BYTES_1D, WORDS_2D, compiled, popcount

U16, U64 = np.uint16, np.uint64
BLOCK = 1024  # rows compared at a stretch: their 16 KiB stay in the fastest cache while the queries pass
FIRST_ROOM = 1024


@compiled(types.uint64[::1](types.uint64[::1], types.int64))
def with_room(out: NDArray[np.uint64], used: int) -> NDArray[np.uint64]:
    """The array, or a copy of twice its size when it is full."""
    if used < out.shape[0]:
        return out
    larger = np.empty(2 * out.shape[0], np.uint64)
    larger[:used] = out
    return larger


@compiled(types.uint64[::1](WORDS_2D, BYTES_1D, WORDS_2D, types.uint64))
def within(
    columns: NDArray[np.uint64], gone: NDArray[np.uint8], queries: NDArray[np.uint64], radius: int
) -> NDArray[np.uint64]:
    """Every match of `columns` (4, n) and `queries` (m, 4), each once, in no order: query << 37 | distance << 32 | row.

    `gone` has one bit a row that is removed, or is empty. Of a pair, 128 bits decide first: unrelated hashes are hardly
    ever within 31 there.
    """
    out, used = np.empty(FIRST_ROOM, np.uint64), 0
    near = np.empty(BLOCK, np.uint8)
    for start in range(0, columns.shape[1], BLOCK):
        end = min(start + BLOCK, columns.shape[1])
        c0, c1 = columns[0, start:end], columns[1, start:end]
        for query in range(queries.shape[0]):
            q0, q1 = queries[query, 0], queries[query, 1]
            hits = 0
            for k in range(end - start):
                hit = popcount(c0[k] ^ q0) + popcount(c1[k] ^ q1) <= radius
                near[k] = hit
                hits += hit
            if hits == 0:
                continue
            q2, q3 = queries[query, 2], queries[query, 3]
            for k in range(end - start):
                if not near[k]:
                    continue
                row = start + k
                distance = popcount(c0[k] ^ q0) + popcount(c1[k] ^ q1)
                distance += popcount(columns[2, row] ^ q2) + popcount(columns[3, row] ^ q3)
                if distance <= radius and not (gone.shape[0] and (gone[row >> 3] >> U16(row & 7)) & 1):
                    out = with_room(out, used)
                    out[used] = U64(query) << U64(37) | distance << U64(32) | U64(row)
                    used += 1
    return out[:used]


@compiled(types.uint64[::1](WORDS_2D, BYTES_1D, WORDS_2D, types.uint64))
def within_of_one(
    columns: NDArray[np.uint64], gone: NDArray[np.uint8], query: NDArray[np.uint64], radius: int
) -> NDArray[np.uint64]:
    """Every match of one query (1, 4) that is not balanced yet, sorted."""
    even = np.empty((1, 4), np.uint64)
    balance(query, np.empty(0, np.int64), even)
    found = within(columns, gone, even, radius)
    found.sort()
    return found
