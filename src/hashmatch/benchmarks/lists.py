"""Lists of hashes to measure on: random, skewed like those of real pictures, and queries with planted neighbours."""

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint8]
PLANTED = (25, 36)  # distances: those up to 31 must be found, the others must not


def random_list(rng: np.random.Generator, size: int) -> Hashes:
    """Every bit by chance: no two hashes are near."""
    return rng.integers(0, 256, (size, 32), np.uint8)


def skewed_list(rng: np.random.Generator, size: int, centres: Hashes) -> Hashes:
    """Hashes in crowds, as lists of real pictures have: around `centres`, which are hashes of pictures.

    40 to 90 bits of a centre differ in its crowd, so crowds fill the same buckets, while few pairs are within 31.
    """
    out = np.empty((size, 32), np.uint8)
    for start in range(0, size, 1 << 18):
        part = centres[rng.integers(0, len(centres), min(1 << 18, size - start))]
        share = rng.uniform(40, 90, (len(part), 1)) / 256
        out[start : start + len(part)] = part ^ np.packbits(rng.random((len(part), 256), np.float32) < share, axis=1)
    return out


def planted(
    rng: np.random.Generator, hashes: Hashes, count: int
) -> tuple[Hashes, NDArray[np.int64], NDArray[np.int64]]:
    """Queries at known distances from rows of a list: (queries, row of each, distance of each)."""
    rows = rng.integers(0, len(hashes), count)
    distances = rng.integers(*PLANTED, count)
    distances[: count // 4] = 31
    ranks = np.argsort(rng.random((count, 256), np.float32), axis=1).argsort(axis=1)
    return hashes[rows] ^ np.packbits(ranks < distances[:, None], axis=1), rows, distances
