"""What the memory of this machine gives: cache lines at random and bytes in a row, one thread."""

import numba
import numpy as np
from numpy.typing import NDArray
from timing import Way

from hashmatch.memory import allocate

_BYTES = 1 << 30
_READS = 4_000_000


@numba.njit(nogil=True)
def _at_random(words: NDArray[np.uint64], mask: int, reads: int) -> int:
    """Read words at places that do not depend on one another's content."""
    total, place = np.uint64(0), np.uint64(12345)
    for _ in range(reads):
        place = place * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
        total += words[(place >> np.uint64(20)) & np.uint64(mask)]
    return total


@numba.njit(nogil=True)
def _in_a_row(words: NDArray[np.uint64]) -> int:
    total = np.uint64(0)
    for at in range(words.shape[0]):
        total += words[at]
    return total


def ways() -> dict[str, Way]:
    """Random lines a second, and bytes a second, to be measured beside the searches."""
    words = allocate(_BYTES // 8, np.uint64)
    words[:] = 1
    _at_random(words[:1024], 1023, 10)
    _in_a_row(words[:1024])
    return {
        "memory: random cache lines": Way(lambda: _at_random(words, len(words) - 1, _READS), _READS),
        "memory: bytes in a row": Way(lambda: _in_a_row(words), _BYTES),
    }
