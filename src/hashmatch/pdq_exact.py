"""The 64 x 64 picture with the reference's own rounding, compiled.

The reference keeps each box filter as one single-precision sum, added to and subtracted from along a whole row or
column, and divides it for each mean. What a sum has lost by rounding it carries on, so every addition is repeated
here in its order. What can be done otherwise without changing a bit is: rows (or columns) do not depend on each
other, so LANES of them go side by side in the vector registers, turned by tiles of 16 x 16; means are multiplied
and mended instead of divided (`pdq_vectors.quotient`); of the last two passes only the 64 means that the decimation
reads are taken; and few rows are held at a time.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numba import types
from numpy.typing import NDArray

from hashmatch.compiled import BYTES_2D, compiled
from hashmatch.pdq_kernels import SIDE, sampled, window_of
from hashmatch.pdq_vectors import (
    LANES,
    WIDE,
    luma_tile,
    quotient,
    rgb_tile,
    rgbx_tile,
    slide,
    slide_means,
    transpose_tile,
)

F32 = np.float32
STRIP_UNIT = LANES  # rows of a strip, or a multiple
FLOATS_1D, FLOATS_2D = types.float32[::1], types.float32[:, ::1]
Floats = NDArray[np.float32]


@compiled(types.int64(types.int64, types.int64))
def _padded(length: int, unit: int) -> int:
    return -(-length // unit) * unit


@compiled(types.int64(types.int64))
def _reach(window: int) -> int:
    """How many pixels a box reaches beyond its middle."""
    return (window + 2) // 2 - 1


@compiled(types.Tuple((FLOATS_1D, FLOATS_1D))(types.int64))
def _inside(length: int) -> tuple[Floats, Floats]:
    """Number of pixels in the box after each one that enters, and its reciprocal."""
    window = window_of(length)
    count = np.empty(length + _reach(window), np.float32)
    for last in range(count.size):
        count[last] = min(last, length - 1) - max(last - window, -1)
    return count, F32(1.0) / count


@compiled(types.void(BYTES_2D, types.int64, types.int64, types.int64, FLOATS_2D, types.int64))
def _stand_grey(flat: NDArray[np.uint8], channels: int, width: int, first: int, standing: Floats, above: int) -> None:
    """Turn LANES rows of colours from `first` on into columns of grey values, from row `above` on."""
    step = flat.shape[1]
    for lane in range(0, LANES, WIDE):
        row = min(first + lane, flat.shape[0] - 1)
        rows = flat.shape[0] - row
        for tile in range(0, width, WIDE):
            # The last tile overlaps the one before it, so that nothing is read beyond the row.
            x = min(tile, step // channels - WIDE)
            given, made = row * step + x * channels, (above + x) * LANES + lane
            if channels == 1:
                luma_tile(flat, given, step, rows, standing, made)
            elif channels == 3:
                rgb_tile(flat, given, step, rows, standing, made)
            else:
                rgbx_tile(flat, given, step, rows, standing, made)
    standing[above + width :] = F32(0.0)


@compiled(types.void(FLOATS_2D, FLOATS_2D, types.int64, types.int64))
def _stand(lying: Floats, standing: Floats, above: int, columns: int) -> None:
    """Turn LANES rows into LANES columns, from row `above` on."""
    for lane in range(0, LANES, WIDE):
        for x in range(0, columns, WIDE):
            transpose_tile(
                lying, lane * lying.shape[1] + x, lying.shape[1], standing, (above + x) * LANES + lane, LANES
            )


@compiled(types.void(FLOATS_2D, types.int64, FLOATS_2D, types.int64))
def _lie(standing: Floats, above: int, lying: Floats, first: int) -> None:
    """Turn LANES columns from row `above` on into the rows of `lying` from `first` on."""
    step = lying.shape[1]
    for lane in range(0, LANES, WIDE):
        for x in range(0, step, WIDE):
            transpose_tile(standing, (above + x) * LANES + lane, LANES, lying, (first + lane) * step + x, step)


@compiled(types.void(FLOATS_1D, FLOATS_1D, FLOATS_1D, FLOATS_1D, types.float32))
def _down(total: Floats, entering: Floats, leaving: Floats, mean: Floats, inside: np.float32) -> None:
    """Move the boxes of all columns down by a row."""
    reciprocal = F32(1.0) / inside
    for x in range(total.size):
        moved = (total[x] + entering[x]) - leaving[x]
        total[x] = moved
        mean[x] = quotient(moved, inside, reciprocal)


@compiled(types.void(types.float32[:, :], types.int64, types.int64, types.float32[:, :]))
def _sampled_means(standing: Floats, step: int, length: int, small: Floats) -> None:
    """Box LANES columns of `length` rows, and keep the SIDE means that the decimation reads."""
    window = window_of(length)
    reach = _reach(window)
    total = np.zeros(LANES, np.float32)
    done = 0
    for out in range(SIDE):
        last = sampled(out, length) + reach
        slide(standing, step, done, last + 1, window, total)
        done = max(done, last + 1)
        inside = F32(min(last, length - 1) - max(last - window, -1))
        for lane in range(LANES):
            small[out, lane] = total[lane] / inside


class Boxes(NamedTuple):
    """Where the filters of one picture have come to, and the room they work in."""

    inside: Floats  # pixels in the box along a row after each one that enters, and the reciprocals
    reciprocals: Floats
    ring: Floats  # the last rows after the first pass: those that are in, enter or leave the boxes of the second
    total: Floats  # sums of the second pass
    ready: Floats  # LANES rows after the second pass
    turned: Floats  # LANES rows as columns, below as many zeros as a box is wide: before the first and the third pass
    boxed: Floats  # and after the first
    few: Floats  # SIDE columns after the third pass
    tall: Floats  # all of them, as rows, below as many zeros as a box is high


BOXES = types.NamedTuple([FLOATS_1D] * 2 + [FLOATS_2D] + [FLOATS_1D] + [FLOATS_2D] * 5, Boxes)


def _boxes(height: int, width: int) -> Boxes:
    window, across = window_of(height), window_of(width)
    breadth = _padded(width, WIDE)
    return Boxes(
        *_inside(width),
        ring=np.zeros((_padded(window, LANES) + LANES, breadth), np.float32),
        total=np.zeros(breadth, np.float32),
        ready=np.zeros((LANES, breadth), np.float32),
        turned=np.zeros((across + breadth + _reach(across), LANES), np.float32),
        boxed=np.zeros((_reach(across) + breadth, LANES), np.float32),
        few=np.empty((SIDE, LANES), np.float32),
        tall=np.zeros((window + _padded(height, LANES) + _reach(window), SIDE), np.float32),
    )


@compiled(types.void(BOXES, BYTES_2D, types.int64, types.int64, types.int64, types.int64))
def _first_pass(boxes: Boxes, flat: NDArray[np.uint8], channels: int, width: int, first: int, to: int) -> None:
    """Box LANES rows from `first` on along themselves, into the ring from row `to` on, with zeros under the picture."""
    across, there = window_of(width), max(0, flat.shape[0] - first)
    if there > 0:
        _stand_grey(flat, channels, width, first, boxes.turned, across)
        bounds = (0, boxes.inside.size, across)
        slide_means(boxes.turned, bounds, np.zeros(LANES, np.float32), boxes.inside, boxes.reciprocals, boxes.boxed)
        _lie(boxes.boxed, _reach(across), boxes.ring, to)
    if there < LANES:
        boxes.ring[to + there : to + LANES] = F32(0.0)


@compiled(types.void(BOXES, types.int64, types.int64))
def _third_pass(boxes: Boxes, width: int, to: int) -> None:
    """Box the ready rows along themselves, and keep the sampled columns, in `tall` from row `to` on."""
    _stand(boxes.ready, boxes.turned, window_of(width), boxes.total.size)
    _sampled_means(boxes.turned, LANES, width, boxes.few)
    _lie(boxes.few, 0, boxes.tall, to)


@compiled(types.void(BOXES, BYTES_2D, types.int64, types.int64, types.int64, types.int64))
def _advance(boxes: Boxes, flat: NDArray[np.uint8], channels: int, width: int, first: int, height: int) -> None:
    """Take in the rows from `first` on; with the picture's last row, finish `tall`."""
    window = window_of(height)
    reach, rows = _reach(window), boxes.ring.shape[0]
    end = first + flat.shape[0]
    for entering in range(first, end if end < height else height + reach):
        if entering % LANES == 0:
            _first_pass(boxes, flat, channels, width, entering - first, entering % rows)
        out = entering - reach
        inside = F32(min(entering, height - 1) - max(entering - window, -1))
        come, gone = boxes.ring[entering % rows], boxes.ring[(entering - window) % rows]
        _down(boxes.total, come, gone, boxes.ready[out % LANES], inside)
        if out >= 0 and (out % LANES == LANES - 1 or out == height - 1):
            _third_pass(boxes, width, window + out - out % LANES)
    if end == height:
        boxes.tall[window + height :] = F32(0.0)


@compiled(FLOATS_2D(FLOATS_2D, types.int64))
def _decimated(tall: Floats, height: int) -> Floats:
    """The fourth pass, and of it the 64 sampled rows."""
    small = np.empty((SIDE, SIDE), np.float32)
    for x in range(0, SIDE, LANES):
        _sampled_means(tall[:, x : x + LANES], SIDE, height, small[:, x : x + LANES])
    return small


def shrink_as_reference(strips: Iterable[NDArray[np.uint8]], height: int, width: int) -> Floats:
    """64 x 64 luma of a picture of `height` rows, given in strips from top to bottom.

    A strip is rows of interleaved channels: 1 (luma), 3 (red, green, blue) or 4 (and one that is left out). All but
    the last have a multiple of STRIP_UNIT rows.
    """
    boxes = _boxes(height, width)
    first = 0
    for strip in strips:
        channels = strip.shape[1] // width
        if width < WIDE:
            strip = np.pad(strip, ((0, 0), (0, channels * (WIDE - width))))  # noqa: PLW2901 - the same pixels
        _advance(boxes, strip, channels, width, first, height)
        first += strip.shape[0]
    return _decimated(boxes.tall, height)
