"""PDQ from pixels, compiled. Follows Meta's "PDQ hashing" paper (2017) and its C++ reference, bit for bit.

Two ways to the 64 x 64 picture that the hash is taken of. `shrink` applies the reference's four box passes and the
decimation at once, as one small linear operator for each side, at about one multiplication a pixel.
`shrink_as_reference` repeats the reference's single-precision running sums in their order, at some ten times the cost
(a quarter of the reference's). They differ by rounding only, yet bits of a hash can hang on that: the running sums
drift by up to 4e-5 of a grey value for each pixel of the longer side. So exact hashes take the second.
"""

import numpy as np
from numba import types
from numpy.typing import NDArray

from hashmatch.compiled import BYTES_2D, compiled

SIDE = 64
KEPT = 16
LANES = 32  # rows or columns summed side by side: two vector registers; must divide SIDE
F32 = np.float32


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


@compiled(types.Tuple((types.int64[::1], types.int64[::1], types.float32[:, ::1]))(types.int64))
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


@compiled(types.Tuple((types.int64[::1], types.int64[::1], types.float32[:, ::1]))(types.int64, types.int64))
def folded_taps(length: int, scale: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Taps for a side that was decoded at 1/`scale`: each input stands for `scale` pixels and takes their weights."""
    first, count, weight = taps(length)
    if scale == 1:
        return first, count, weight
    folded = np.zeros((SIDE, weight.shape[1] // scale + 2), np.float32)
    for out in range(SIDE):
        start, end = first[out], first[out] + count[out] - 1
        for k in range(count[out]):
            folded[out, (start + k) // scale - start // scale] += weight[out, k]
        first[out], count[out] = start // scale, end // scale - start // scale + 1
    return first, count, folded


@compiled(types.float32[:, ::1](BYTES_2D, types.int64, types.int64))
def _shrink_rows(flat: NDArray[np.uint8], height: int, scale: int) -> NDArray[np.float32]:
    first, count, weight = folded_taps(height, scale)
    rows = np.zeros((SIDE, flat.shape[1]), np.float32)
    for out in range(SIDE):
        row = rows[out]
        for k in range(count[out]):
            share, source = weight[out, k], flat[first[out] + k]
            for x in range(row.shape[0]):
                row[x] += share * F32(source[x])
    return rows


@compiled(types.float32[:, ::1](types.float32[:, ::1], types.int64, types.int64))
def _shrink_columns(rows: NDArray[np.float32], width: int, scale: int) -> NDArray[np.float32]:
    first, count, weight = folded_taps(width, scale)
    small = np.empty((SIDE, SIDE), np.float32)
    for y in range(SIDE):
        for out in range(SIDE):
            total = 0.0
            for k in range(count[out]):
                total += weight[out, k] * rows[y, first[out] + k]
            small[y, out] = total
    return small


@compiled(types.float32[:, ::1](BYTES_2D, types.int64))
def shrink(flat: NDArray[np.uint8], channels: int) -> NDArray[np.float32]:
    """64 x 64 luma of a picture given as rows of interleaved channels (1: luma, 3: red, green, blue)."""
    width = flat.shape[1] // channels
    rows = _shrink_rows(flat, flat.shape[0], 1)
    if channels == 1:
        return _shrink_columns(rows, width, 1)
    luma = np.empty((SIDE, width), np.float32)
    for y in range(SIDE):
        for x in range(width):
            luma[y, x] = 0.299 * rows[y, 3 * x] + 0.587 * rows[y, 3 * x + 1] + 0.114 * rows[y, 3 * x + 2]
    return _shrink_columns(luma, width, 1)


@compiled(types.float32[:, ::1](BYTES_2D, types.int64, types.int64, types.int64))
def shrink_scaled(luma: NDArray[np.uint8], height: int, width: int, scale: int) -> NDArray[np.float32]:
    """64 x 64 luma of a picture of `height` x `width` of which only the luma at 1/`scale` was decoded."""
    return _shrink_columns(_shrink_rows(luma, height, scale), width, scale)


@compiled(types.void(types.uint8[:, ::1], types.float32[:, ::1]))
def _luma(rows: NDArray[np.uint8], luma: NDArray[np.float32]) -> None:
    if rows.shape[1] == luma.shape[1]:
        luma[:] = rows
        return
    for y in range(luma.shape[0]):
        for x in range(luma.shape[1]):
            luma[y, x] = F32(rows[y, 3 * x] * 0.299 + rows[y, 3 * x + 1] * 0.587 + rows[y, 3 * x + 2] * 0.114)


@compiled(types.void(types.float32[:, ::1], types.float32[:, ::1]))
def _turn(source: NDArray[np.float32], target: NDArray[np.float32]) -> None:
    """Transpose (LANES, n) to (n, LANES)."""
    for x in range(target.shape[0]):
        for lane in range(LANES):
            target[x, lane] = source[lane, x]


@compiled(types.void(types.float32[:, ::1], types.float32[:, ::1]))
def _turn_back(source: NDArray[np.float32], target: NDArray[np.float32]) -> None:
    """Transpose (n, LANES) to (LANES, n)."""
    for lane in range(LANES):
        for x in range(source.shape[0]):
            target[lane, x] = source[x, lane]


@compiled(types.void(types.float32[:, ::1], types.float32[:, ::1], types.int64))
def _box(source: NDArray[np.float32], target: NDArray[np.float32], window: int) -> None:
    """Running mean down each of LANES columns, as the reference keeps it: one sum, added to, then subtracted from.

    The columns are independent, so they go side by side in the lanes of the vector registers.
    """
    length, reach = source.shape[0], (window + 2) // 2 - 1
    total = np.zeros(LANES, np.float32)
    for last in range(length + reach):
        inside = F32(min(last, length - 1) - max(last - window, -1))
        out = last - reach
        if window <= last < length:
            entering, leaving, mean = source[last], source[last - window], target[out]
            for lane in range(LANES):
                kept = (total[lane] + entering[lane]) - leaving[lane]
                total[lane] = kept
                mean[lane] = kept / inside
            continue
        for lane in range(LANES):
            if last < length:
                total[lane] += source[last, lane]
            if last >= window:
                total[lane] -= source[last - window, lane]
            if out >= 0:
                target[out, lane] = total[lane] / inside


@compiled(types.void(types.float32[::1], types.float32[::1], types.float32[::1]))
def _exchange(total: NDArray[np.float32], slot: NDArray[np.float32], row: NDArray[np.float32]) -> None:
    """Move the window down by one row: add the new one, subtract the one whose place it takes (zeros at the edges)."""
    for x in range(total.shape[0]):
        total[x] = (total[x] + row[x]) - slot[x]
        slot[x] = row[x]


@compiled(types.float32[:, ::1](BYTES_2D, types.int64))
def _first_three_passes(flat: NDArray[np.uint8], channels: int) -> NDArray[np.float32]:
    """Boxes along rows, columns, rows again, then the 64 sampled columns: (64, height). Holds few rows at a time."""
    height, width = flat.shape[0], flat.shape[1] // channels
    window, across = window_of(height), window_of(width)
    reach = (window + 2) // 2 - 1
    ring, total = np.zeros((window, width), np.float32), np.zeros(width, np.float32)
    nothing = np.zeros(width, np.float32)
    colours = np.zeros((LANES, flat.shape[1]), np.uint8)
    rows, ready = np.zeros((LANES, width), np.float32), np.zeros((LANES, width), np.float32)
    turned, boxed = np.zeros((width, LANES), np.float32), np.zeros((width, LANES), np.float32)
    columns = np.empty((SIDE, height), np.float32)
    for entering in range(height + reach):
        if entering % LANES == 0 and entering < height:
            count = min(LANES, height - entering)
            colours[:count] = flat[entering : entering + count]
            _luma(colours, rows)
            _turn(rows, turned)
            _box(turned, boxed, across)
            _turn_back(boxed, rows)
        row = rows[entering % LANES] if entering < height else nothing
        _exchange(total, ring[entering % window], row)
        out = entering - reach
        if out < 0:
            continue
        ready[out % LANES] = total / F32(min(entering, height - 1) - max(entering - window, -1))
        if out % LANES == LANES - 1 or out == height - 1:
            _turn(ready, turned)
            _box(turned, boxed, across)
            for x in range(SIDE):
                for row in range(out - out % LANES, out + 1):
                    columns[x, row] = boxed[sampled(x, width), row % LANES]
    return columns


@compiled(types.float32[:, ::1](BYTES_2D, types.int64))
def shrink_as_reference(flat: NDArray[np.uint8], channels: int) -> NDArray[np.float32]:
    """As `shrink`, with the reference's own rounding."""
    columns = _first_three_passes(flat, channels)
    height = flat.shape[0]
    small = np.empty((SIDE, SIDE), np.float32)
    turned, boxed = np.empty((height, LANES), np.float32), np.empty((height, LANES), np.float32)
    for x in range(0, SIDE, LANES):
        _turn(columns[x : x + LANES], turned)
        _box(turned, boxed, window_of(height))
        for out in range(SIDE):
            small[out, x : x + LANES] = boxed[sampled(out, height)]
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
