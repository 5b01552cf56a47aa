"""Rows of ids, compiled."""

import numpy as np
from numba import types
from numpy.typing import NDArray

from hashmatch.compiled import INT64_1D, compiled_late


@compiled_late(types.int64[::1](INT64_1D, INT64_1D))
def rows_of(held: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.int64]:
    """Place in `held` of each id of `wanted`, -1 for one that is not there; both ascending.

    Each search goes on from where the last ended, in doubling steps: what it touches lies near what the last touched,
    where a binary search would begin anew in the middle of the list.
    """
    rows, low = np.empty(wanted.size, np.int64), 0
    for at in range(wanted.size):
        step = 1
        while low + step < held.size and held[low + step] <= wanted[at]:
            low += step
            step *= 2
        while step > 1:
            step //= 2
            if low + step < held.size and held[low + step] <= wanted[at]:
                low += step
        rows[at] = low if held.size and held[low] == wanted[at] else -1
    return rows
