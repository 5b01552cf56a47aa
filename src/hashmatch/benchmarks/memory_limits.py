"""What the memory of this machine gives: cache lines at random and bytes in a row, one thread."""

import numba
import numpy as np
from numpy.typing import NDArray

from hashmatch.benchmarks.measuring import Step
from hashmatch.memory import allocate

AT_RANDOM, IN_A_ROW = "cache lines at random", "bytes in a row"

_BYTES = 1 << 30
_READS = 4_000_000


@numba.njit(nogil=True)
def _at_random(words: NDArray[np.uint64], mask: int, reads: int) -> int:
    """Read words at places that do not depend on one another's content."""
    total, place = np.uint64(0), np.uint64(12345)
    for _ in range(reads):
        place = place * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
        total += words[(place >> np.uint64(20)) & np.uint64(mask)]
    return int(total)


@numba.njit(nogil=True)
def _in_a_row(words: NDArray[np.uint64]) -> int:
    total = np.uint64(0)
    for at in range(words.shape[0]):
        total += words[at]
    return int(total)


def limits() -> dict[str, tuple[Step, int]]:
    """What to measure beside a search: each call, and the cache lines at random or bytes in a row that it reads."""
    words = allocate(_BYTES // 8, np.uint64)
    words[:] = 1
    _at_random(words[:1024], 1023, 10)
    _in_a_row(words[:1024])
    return {
        AT_RANDOM: (lambda: _at_random(words, len(words) - 1, _READS), _READS),
        IN_A_ROW: (lambda: _in_a_row(words), _BYTES),
    }
