"""A fixed order of the 256 bits that fills the buckets of the tables evenly.

PDQ is 16 x 16 bits, one a frequency. Neighbouring frequencies of a picture depend on each other, above all
along a row or a column, so buckets keyed by 16 neighbours fill unevenly (2 to 4 times the work). Here each 16
consecutive bits hold one of every row and one of every column: rows are turned by their number, then the square is
transposed. Distances do not change. All hashes inside an index are in this order.
"""

import numpy as np
from numba import types
from numpy.typing import NDArray

from hashmatch.compiled import INT64_1D, WORDS_2D, compiled
from hashmatch.memory import allocate, read_only

U64 = np.uint64


@compiled("uint64(uint64, uint64, uint64)")
def _turned(word: np.uint64, fields: np.uint64, left: np.uint64) -> np.uint64:
    """Turn the 16-bit fields under the mask left by a number of bits (1, 2, 4 or 8); the others stay."""
    kept = word & ~fields
    part = word & fields
    high = U64(0x0001000100010001) * ((U64(0xFFFF) << left) & U64(0xFFFF))
    turned = ((part << left) & high) | ((part >> (U64(16) - left)) & ~high)
    return kept | (turned & fields)


@compiled("UniTuple(uint64, 2)(uint64, uint64, uint64, uint64)")
def _swapped(low: np.uint64, high: np.uint64, mask: np.uint64, by: np.uint64) -> tuple[np.uint64, np.uint64]:
    """Exchange the upper bits of the fields of one word with the lower bits of those of another."""
    moved = ((low >> by) ^ high) & mask
    return low ^ (moved << by), high ^ moved


@compiled("uint64(uint64, uint64, uint64, uint64)")
def _swapped_inside(word: np.uint64, mask: np.uint64, by: np.uint64, fields: np.uint64) -> np.uint64:
    """The same between fields of one word."""
    moved = ((word >> by) ^ (word >> fields)) & mask
    return word ^ (moved << by) ^ (moved << fields)


def balanced(words: NDArray[np.uint64], order: NDArray[np.int64] | None = None) -> NDArray[np.uint64]:
    """Rows (n, 4) with their bits in the even order; the rows taken in `order`, or as they stand. Read-only."""
    out = allocate(words.size, np.uint64).reshape(words.shape)
    balance(words, np.empty(0, np.int64) if order is None else order, out)
    return read_only(out)


@compiled(types.void(WORDS_2D, INT64_1D, types.uint64[:, ::1]))
def balance(words: NDArray[np.uint64], order: NDArray[np.int64], out: NDArray[np.uint64]) -> None:
    """Write rows with their bits in the even order to `out`; the rows taken in `order`, or as they stand if empty."""
    second, upper, every = U64(0xFFFF0000FFFF0000), U64(0xFFFFFFFF00000000), U64(0xFFFFFFFFFFFFFFFF)
    for at in range(words.shape[0]):
        row = order[at] if order.shape[0] else at
        a, b, c, d = words[row, 0], words[row, 1], words[row, 2], words[row, 3]
        a, b = _turned(a, second, U64(1)), _turned(b, second, U64(1))
        c, d = _turned(c, second, U64(1)), _turned(d, second, U64(1))
        a, b = _turned(a, upper, U64(2)), _turned(b, upper, U64(2))
        c, d = _turned(c, upper, U64(2)), _turned(d, upper, U64(2))
        b, d = _turned(b, every, U64(4)), _turned(d, every, U64(4))
        c, d = _turned(c, every, U64(8)), _turned(d, every, U64(8))
        a, c = _swapped(a, c, U64(0x00FF00FF00FF00FF), U64(8))
        b, d = _swapped(b, d, U64(0x00FF00FF00FF00FF), U64(8))
        a, b = _swapped(a, b, U64(0x0F0F0F0F0F0F0F0F), U64(4))
        c, d = _swapped(c, d, U64(0x0F0F0F0F0F0F0F0F), U64(4))
        pairs, ones = U64(0x33333333), U64(0x0000555500005555)
        out[at, 0] = _swapped_inside(_swapped_inside(a, pairs, U64(2), U64(32)), ones, U64(1), U64(16))
        out[at, 1] = _swapped_inside(_swapped_inside(b, pairs, U64(2), U64(32)), ones, U64(1), U64(16))
        out[at, 2] = _swapped_inside(_swapped_inside(c, pairs, U64(2), U64(32)), ones, U64(1), U64(16))
        out[at, 3] = _swapped_inside(_swapped_inside(d, pairs, U64(2), U64(32)), ones, U64(1), U64(16))
