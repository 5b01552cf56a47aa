"""Arrays of hashes as the kernels take them: rows of four 64-bit words, checked once at the door."""

import numpy as np
from numpy.typing import NDArray

from hashmatch.errors import InvalidHashes

LARGEST_RADIUS = 31
WORDS = 4


def as_words(hashes: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """(n, 32) uint8 to (n, 4) uint64, of the same memory where possible. Raises `InvalidHashes` otherwise."""
    array = np.asarray(hashes)
    if array.dtype != np.uint8 or array.ndim != 2 or array.shape[1] != 32:
        raise InvalidHashes(
            f"Hashes must be a uint8 array of shape (n, 32), one row of 32 bytes a hash; "
            f"this is {array.dtype} {array.shape}."
        )
    array = np.ascontiguousarray(array)
    if not array.flags.aligned or array.ctypes.data % 8:
        array = array.copy()
    return array.view("<u8")


def one_as_words(query: bytes) -> NDArray[np.uint64]:
    """32 bytes to (1, 4) uint64, of the same memory. Raises `InvalidHashes` otherwise."""
    if len(query) != 8 * WORDS:
        raise InvalidHashes(f"A hash has 32 bytes; this has {len(query)}.")
    return np.frombuffer(query, "<u8").reshape(1, WORDS)


def checked_ids(ids: NDArray[np.int64], count: int) -> tuple[NDArray[np.int64], NDArray[np.int64] | None]:
    """One distinct int64 for each of `count` hashes: the ids ascending, and the order that sorts them.

    The order is None when they are ascending already. Raises `InvalidHashes` for any other array.
    """
    array = np.asarray(ids)
    if array.shape != (count,) or (count and array.dtype.kind not in "iu"):
        raise InvalidHashes(
            f"Ids must be whole numbers, one for each of the {count} hashes; this is {array.dtype} {array.shape}."
        )
    if array.dtype == np.uint64 and count and int(array.max()) > np.iinfo(np.int64).max:
        raise InvalidHashes(f"Id {int(array.max())} is too large; ids are at most 2**63 - 1.")
    array = np.array(array, np.int64)  # a copy: the caller may go on to change its own
    order = None
    if np.any(array[1:] <= array[:-1]):
        order = np.argsort(array, kind="stable").astype(np.int64)
        array = array[order]
    again = array[1:][array[1:] == array[:-1]]
    if again.size:
        raise InvalidHashes(f"Id {int(again[0])} is given more than once; ids must be unique (hashes may repeat).")
    return array, order


def checked_radius(radius: int, largest: int = LARGEST_RADIUS) -> int:
    """A distance in bits, 0..`largest`. Raises `InvalidHashes` otherwise."""
    if isinstance(radius, bool | np.bool_) or not isinstance(radius, int | np.integer) or not 0 <= radius <= largest:
        raise InvalidHashes(f"Radius is {radius}; it must be from 0 to {largest} bits.")
    return int(radius)


def checked_threads(threads: int) -> int:
    """A number of threads, 1 or more. Raises `InvalidHashes` otherwise."""
    if not isinstance(threads, int) or threads < 1:
        raise InvalidHashes(f"threads is {threads}; it must be a whole number, 1 or more.")
    return threads
