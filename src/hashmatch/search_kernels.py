"""Hamming-radius search and leader stacking over columns of 64-bit words, compiled."""

import numpy as np
from numba import types
from numpy.typing import NDArray

from hashmatch.compiled import INT64_1D, WORDS_2D, compiled, popcount

BLOCK = 1024  # rows compared at a stretch: their 16 KiB stay in the fastest cache while the queries pass
NONE = 256  # further than any two hashes are apart


@compiled(types.int64(WORDS_2D, WORDS_2D, types.int64, types.int64[::1], types.int64[::1], types.uint8[::1]))
def within(
    columns: NDArray[np.uint64],
    queries: NDArray[np.uint64],
    radius: int,
    out_query: NDArray[np.int64],
    out_row: NDArray[np.int64],
    out_distance: NDArray[np.uint8],
) -> int:
    """Find every pair within `radius` and count them; those beyond the room given are only counted.

    `columns` (4, n) is compared with `queries` (4, m). Of a pair, 128 bits decide first: unrelated hashes are
    hardly ever within 31 there.
    """
    found = 0
    near = np.empty(BLOCK, np.uint8)
    limit = np.uint64(radius)
    for start in range(0, columns.shape[1], BLOCK):
        end = min(start + BLOCK, columns.shape[1])
        c0, c1 = columns[0, start:end], columns[1, start:end]
        for query in range(queries.shape[1]):
            q0, q1 = queries[0, query], queries[1, query]
            hits = 0
            for k in range(end - start):
                hit = popcount(c0[k] ^ q0) + popcount(c1[k] ^ q1) <= limit
                near[k] = hit
                hits += hit
            if hits == 0:
                continue
            q2, q3 = queries[2, query], queries[3, query]
            for k in range(end - start):
                if near[k]:
                    distance = popcount(c0[k] ^ q0) + popcount(c1[k] ^ q1)
                    distance += popcount(columns[2, start + k] ^ q2) + popcount(columns[3, start + k] ^ q3)
                    if distance <= limit:
                        if found < out_row.shape[0]:
                            out_query[found], out_row[found], out_distance[found] = query, start + k, distance
                        found += 1
    return found


@compiled(types.int64(types.uint64[:, ::1], types.int64, WORDS_2D, types.int64, types.int64))
def _nearest(leaders: NDArray[np.uint64], count: int, columns: NDArray[np.uint64], row: int, radius: int) -> int:
    """First of the nearest leaders within `radius` of a row, or -1."""
    q0, q1, q2, q3 = columns[0, row], columns[1, row], columns[2, row], columns[3, row]
    best, best_distance = -1, np.uint64(radius + 1)
    for start in range(0, count, BLOCK):
        end = min(start + BLOCK, count)
        l0, l1 = leaders[0, start:end], leaders[1, start:end]
        hits = 0
        for k in range(end - start):
            hits += popcount(l0[k] ^ q0) + popcount(l1[k] ^ q1) < best_distance
        if hits == 0:
            continue
        for k in range(start, end):
            distance = popcount(leaders[0, k] ^ q0) + popcount(leaders[1, k] ^ q1)
            if distance < best_distance:
                distance += popcount(leaders[2, k] ^ q2) + popcount(leaders[3, k] ^ q3)
                if distance < best_distance:
                    best, best_distance = k, distance
    return best


@compiled(types.int64[::1](WORDS_2D, INT64_1D, types.int64, types.int64))
def lead(columns: NDArray[np.uint64], previous: NDArray[np.int64], free: int, radius: int) -> NDArray[np.int64]:
    """Label each row: its previous label (0 or more), else its nearest leader's, else the next free one."""
    size = columns.shape[1]
    leaders, labels_of = np.empty((4, size), np.uint64), np.empty(size, np.int64)
    labels = previous.copy()
    known = set([np.int64(-1)])  # noqa: C405 - numba types an empty set by its first member
    count = 0
    for row in range(size):
        label = previous[row]
        if label < 0:
            nearest = _nearest(leaders, count, columns, row, radius)
            if nearest >= 0:
                labels[row] = labels_of[nearest]
                continue
            label = free
            free += 1
            labels[row] = label
        elif label in known:
            continue
        known.add(label)
        leaders[:, count] = columns[:, row]
        labels_of[count] = label
        count += 1
    return labels
