"""Arrays of hashes as the kernels take them: four columns of 64-bit words, checked once at the door."""

import numpy as np
from numpy.typing import NDArray

from hashmatch.errors import InvalidHashes

LARGEST_RADIUS = 31
WORDS = 4


def as_columns(hashes: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """(n, 32) uint8 to (4, n) uint64. Raises `InvalidHashes` for another shape or type."""
    array = np.asarray(hashes)
    if array.dtype != np.uint8 or array.ndim != 2 or array.shape[1] != 32:
        raise InvalidHashes(
            f"Hashes must be a uint8 array of shape (n, 32), one row of 32 bytes a hash; "
            f"this is {array.dtype} {array.shape}."
        )
    return np.ascontiguousarray(np.ascontiguousarray(array).view("<u8").T)


def as_rows(columns: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """The inverse of `as_columns`."""
    return np.ascontiguousarray(columns.T).astype("<u8").view(np.uint8).reshape(-1, 32)


def checked_ids(ids: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """One distinct int64 for each of `count` hashes. Raises `InvalidHashes` otherwise."""
    array = np.asarray(ids)
    if array.shape != (count,) or (count and array.dtype.kind not in "iu"):
        raise InvalidHashes(
            f"Ids must be whole numbers, one for each of the {count} hashes; this is {array.dtype} {array.shape}."
        )
    array = np.ascontiguousarray(array, dtype=np.int64)
    ordered = np.sort(array)
    again = ordered[1:][ordered[1:] == ordered[:-1]]
    if again.size:
        raise InvalidHashes(f"Id {int(again[0])} is given more than once; ids must be unique (hashes may repeat).")
    return array


def checked_radius(radius: int, largest: int = LARGEST_RADIUS) -> int:
    """A distance in bits, 0..`largest`. Raises `InvalidHashes` otherwise."""
    if not 0 <= radius <= largest:
        raise InvalidHashes(f"Radius is {radius}; it must be from 0 to {largest} bits.")
    return int(radius)
