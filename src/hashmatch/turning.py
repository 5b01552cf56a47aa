"""The eight rotations and mirrors of a hash, without its picture and without the compiler."""

import numpy as np
from numpy.typing import NDArray

from hashmatch.hashes import as_words

KEPT = 16
"""Frequencies kept a side; a hash holds one bit of each."""
ODD_ROW = (np.arange(KEPT) % 2 == 1)[:, None] * np.ones((1, KEPT), bool)
ODD_COLUMN = ODD_ROW.T
ODD_SUM = ODD_ROW ^ ODD_COLUMN


def turned(hashes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the eight rotations and mirrors (n, 8, 32) of hashes (n, 32), ordered as by `pdq.dihedral`, first as is.

    For hashes whose picture is not at hand. They are worked out from the bits alone, as if the median of the
    frequencies were nought, so they lie a few bits from those of `pdq.dihedral`: a search by them finds most turned
    pictures, not all (`bench/bench_triage.py` counts how many). Raises `InvalidHashes`.
    """
    rows = as_words(hashes).view(np.uint8)
    bits = np.unpackbits(rows[:, ::-1], axis=1, bitorder="little").astype(bool).reshape(-1, KEPT, KEPT)
    positions = (
        bits,
        _across(bits ^ ~ODD_COLUMN),
        bits ^ ODD_SUM,
        _across(bits ^ ~ODD_ROW),
        bits ^ ~ODD_ROW,
        bits ^ ~ODD_COLUMN,
        _across(bits),
        _across(bits ^ ODD_SUM),
    )
    square = np.stack(positions, axis=1).reshape(-1, 8, KEPT * KEPT)
    return np.packbits(square[:, :, ::-1], axis=2)


def _across(squares: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return squares.transpose(0, 2, 1)
