"""PDQ from a small picture, and the quick way to one, compiled. Follows Meta's "PDQ hashing" paper (2017).

A hash is taken of 64 x 64 grey values. Here the reference's four box passes and its decimation are applied at once, as
one small linear operator for each side, to a picture that was decoded at a part of its size. `pdq_exact` does the same
for whole pictures and with the reference's rounding, on which bits of a hash can hang: its running sums drift by up to
4e-5 of a grey value for each pixel of the longer side. Everything after that is the reference's bit for bit.
"""

import numpy as np
from numba import types
from numpy.typing import NDArray

from hashmatch.compiled import BYTES_2D, compiled
from hashmatch.turning import KEPT

SIDE = 64
F32 = np.float32
TAPS = types.Tuple((types.int64[::1], types.int64[::1], types.float32[:, ::1]))


def _cosines() -> NDArray[np.float32]:
    """Rows 1..16 of the 64-point DCT-II, in the single precision that the reference stores them in."""
    rows = np.arange(1, KEPT + 1, dtype=np.float64)[:, None]
    columns = 2.0 * np.arange(SIDE, dtype=np.float64)[None, :] + 1.0
    scale = np.float64(np.float32(np.sqrt(2.0 / SIDE)))
    return (scale * np.cos(np.pi / 2.0 / SIDE * rows * columns)).astype(np.float32)


COSINES = _cosines()


@compiled(types.int64(types.int64))
def window_of(length: int) -> int:
    """Width of the box filter for a side of `length` pixels: half of a 64th, rounded up."""
    return (length + 2 * SIDE - 1) // (2 * SIDE)


@compiled(types.int64(types.int64, types.int64))
def sampled(out: int, length: int) -> int:
    """Where the decimation reads: the centre of the `out`-th of 64 equal parts."""
    return int((out + 0.5) * length / SIDE)


@compiled(TAPS(types.int64))
def taps(length: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Box passes and decimation along one side: first input, number of inputs, weights of each output."""
    window = window_of(length)
    left, right = window - (window + 2) // 2, (window + 2) // 2 - 1
    first, count = np.empty(SIDE, np.int64), np.empty(SIDE, np.int64)
    weight = np.zeros((SIDE, 2 * window + 1), np.float64)
    for out in range(SIDE):
        centre = sampled(out, length)
        low, high = max(0, centre - left), min(length - 1, centre + right)
        start, end = max(0, low - left), min(length - 1, high + right)
        first[out], count[out] = start, end - start + 1
        for middle in range(low, high + 1):
            a, b = max(0, middle - left), min(length - 1, middle + right)
            share = 1.0 / ((high - low + 1) * (b - a + 1))
            for source in range(a, b + 1):
                weight[out, source - start] += share
    return first, count, weight.astype(np.float32)


@compiled(TAPS(types.int64, types.int64, types.boolean))
def folded_taps(
    length: int,
    scale: int,
    flipped: bool,  # noqa: FBT001 - compiled functions take no keywords
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Taps for a side that was decoded at 1/`scale`: each input stands for `scale` pixels and takes their weights.

    `flipped`: the inputs come in reverse order, so that the first stands for the last `scale` pixels.
    """
    first, count, weight = taps(length)
    folded = np.zeros((SIDE, weight.shape[1] // scale + 2), np.float32)
    for out in range(SIDE):
        start, end = first[out], first[out] + count[out] - 1
        lowest = (length - 1 - end if flipped else start) // scale
        for source in range(start, end + 1):
            block = (length - 1 - source if flipped else source) // scale
            folded[out, block - lowest] += weight[out, source - start]
        first[out], count[out] = lowest, (length - 1 - start if flipped else end) // scale - lowest + 1
    return first, count, folded


@compiled(
    types.float32[:, ::1](BYTES_2D, types.UniTuple(types.int64, 2), types.int64, types.UniTuple(types.boolean, 2))
)
def shrink_scaled(
    luma: NDArray[np.uint8], size: tuple[int, int], scale: int, flipped: tuple[bool, bool]
) -> NDArray[np.float32]:
    """64 x 64 luma of a picture of `size` (height, width) of which only the luma at 1/`scale` was decoded.

    `flipped`: whether the rows and the columns come in reverse order; they are put right.
    """
    first, count, weight = folded_taps(size[0], scale, flipped[0])
    rows = np.zeros((SIDE, luma.shape[1]), np.float32)
    for out in range(SIDE):
        row = rows[out]
        for k in range(count[out]):
            share, source = weight[out, k], luma[first[out] + k]
            for x in range(row.shape[0]):
                row[x] += share * F32(source[x])
    first, count, weight = folded_taps(size[1], scale, flipped[1])
    small = np.empty((SIDE, SIDE), np.float32)
    for y in range(SIDE):
        for out in range(SIDE):
            total = 0.0
            for k in range(count[out]):
                total += weight[out, k] * rows[y, first[out] + k]
            small[y, out] = total
    return small


@compiled(types.float32[:, ::1](types.float32[:, ::1]))
def frequencies(small: NDArray[np.float32]) -> NDArray[np.float32]:
    """The 16 x 16 lowest frequencies but the mean, summed in the reference's order and precision."""
    half = np.zeros((KEPT, SIDE), np.float32)
    for i in range(KEPT):
        for k in range(SIDE):
            for j in range(SIDE):
                half[i, j] += COSINES[i, k] * small[k, j]
    result = np.zeros((KEPT, KEPT), np.float32)
    for i in range(KEPT):
        for j in range(KEPT):
            total = F32(0.0)
            for k in range(SIDE):
                total += half[i, k] * COSINES[j, k]
            result[i, j] = total
    return result


@compiled(types.int64(types.float32[:, ::1]))
def gradient(small: NDArray[np.float32]) -> int:
    """Sum of the steps between neighbours, in whole percent of the grey scale."""
    total = 0
    for y in range(SIDE):
        for x in range(SIDE):
            if y + 1 < SIDE:
                total += abs(int((small[y, x] - small[y + 1, x]) * F32(100.0) / F32(255.0)))
            if x + 1 < SIDE:
                total += abs(int((small[y, x] - small[y, x + 1]) * F32(100.0) / F32(255.0)))
    return total
