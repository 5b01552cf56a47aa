"""Leader stacking of a short run of hashes, compiled."""

import numpy as np
from numba import types
from numpy.typing import NDArray

from hashmatch.brute_kernels import BLOCK
from hashmatch.compiled import WORDS_2D, compiled, popcount

U64 = np.uint64


@compiled(types.UniTuple(types.int64, 2)(types.uint64[:, ::1], types.int64, WORDS_2D, types.int64, types.int64))
def _nearest(
    leaders: NDArray[np.uint64], count: int, words: NDArray[np.uint64], row: int, below: int
) -> tuple[int, int]:
    """First of the nearest of `count` leaders (4, …) less than `below` bits from a row, or -1; and its distance."""
    q0, q1, q2, q3 = words[row, 0], words[row, 1], words[row, 2], words[row, 3]
    best, best_distance = -1, U64(below)
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
    return best, int(best_distance)


@compiled(types.void(WORDS_2D, types.boolean[::1], types.int64[::1], types.int64[::1], types.int64, types.int64))
def lead(
    words: NDArray[np.uint64],
    leads: NDArray[np.bool_],
    leader: NDArray[np.int64],
    distance: NDArray[np.int64],
    start: int,
    end: int,
) -> None:
    """Settle the rows start .. end, to which every leader before `start` has been offered already.

    `leader` and `distance` hold the nearest leader so far (a row) and its distance, or -1 and one more than the
    radius. Rows that `leads` says are leaders whatever is near; rows of distance -1 keep what they have; a row without
    a leader becomes one.
    """
    leaders, at = np.empty((4, end - start), np.uint64), np.empty(end - start, np.int64)
    count = 0
    for row in range(start, end):
        if distance[row] >= 0 and not leads[row]:
            nearest, bits = _nearest(leaders, count, words, row, distance[row])
            if nearest >= 0:
                leader[row], distance[row] = at[nearest], bits
            elif leader[row] < 0:
                leads[row] = True
        if leads[row]:
            leader[row], distance[row] = row, -1
            leaders[:, count] = words[row]
            at[count] = row
            count += 1
