"""Published watermark patterns in the pixels, as pipelines embed them with invisible-watermark's `dwtDct`.

One bit a block: of the blue-difference channel the half-size average (Haar) is cut into blocks of 4 x 4; the largest
coefficient but the first carries the bit in its remainder by 36. The bits repeat along the rows of blocks.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fileorigin.evidence import AiInvolvement, Finding, Status, Strength
from fileorigin.pixels import Undecodable
from fileorigin.reading import Reading, locations
from fileorigin.vocabulary import REASONS, WATERMARKS, Watermark

LEAST_PIXELS = 256 * 256  # what the embedding program asks for
MOST_BLOCKS = 65_536  # 4 megapixels from the top; more adds nothing
LEAST_CERTAIN = 4  # blocks that each bit must have
_SCALE = 36
_BLOCK = 4


def watermark(reading: Reading) -> Finding:
    """The pattern that the pixels agree with, if any. A miss says nothing, and anyone can embed a pattern."""
    stored = reading.pixels.stored
    if isinstance(stored, Undecodable):
        if stored.reason in REASONS:
            return Finding("pixel_watermark", Status.UNSUPPORTED, values={"reason": stored.reason})
        return reading.nothing("pixel_watermark")
    if stored.shape[0] * stored.shape[1] < LEAST_PIXELS or min(stored.shape[:2]) < 2 * _BLOCK:
        return Finding("pixel_watermark", Status.UNSUPPORTED, values={"reason": "too_small"})
    scores = block_bits(stored)
    counted = [(agreement(scores, mark), mark) for mark in WATERMARKS]
    hits = [(agree, mark) for agree, mark in counted if agree >= mark.least]
    if not hits:
        return reading.nothing("pixel_watermark")
    agree, mark = max(hits, key=lambda hit: hit[0] / len(hit[1].bits))
    return Finding(
        "pixel_watermark",
        Status.PRESENT,
        Strength.MODERATE,
        ai=AiInvolvement.WATERMARK_DECODED,
        values={"pattern": mark.name, "bits": len(mark.bits), "agreeing_bits": agree},
        locations=locations(["pixels@0x0"]),
    )


def agreement(scores: NDArray[np.bool_], mark: Watermark) -> int:
    """How many bits of a pattern the blocks agree with; 0 if there are too few blocks for it."""
    count = len(mark.bits)
    if scores.size < count * LEAST_CERTAIN:
        return 0
    ones = np.bincount(np.arange(scores.size) % count, weights=scores, minlength=count)
    blocks = np.bincount(np.arange(scores.size) % count, minlength=count)
    return int(((ones / blocks > 127 / 255) == np.array(mark.bits, bool)).sum())


def block_bits(stored: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """The bit of every block by rows, from (height, width, 3 or 4) uint8; at most `MOST_BLOCKS`."""
    across = stored.shape[1] // 4 * 2 // _BLOCK
    down = min(stored.shape[0] // 4 * 2 // _BLOCK, max(1, MOST_BLOCKS // max(1, across)))
    half = _blue_difference(stored[: down * 2 * _BLOCK, : across * 2 * _BLOCK])
    blocks = half.reshape(down, _BLOCK, across, _BLOCK).transpose(0, 2, 1, 3).reshape(-1, _BLOCK * _BLOCK)
    largest = np.abs(blocks[:, 1:]).argmax(axis=1) + 1
    values = np.abs(blocks[np.arange(len(blocks)), largest])
    return np.asarray(values % _SCALE > _SCALE / 2)


def _blue_difference(stored: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The half-size average of U (of YUV as OpenCV has it, without its rounding), twice as large as a mean."""
    pairs = stored[0::2].astype(np.uint16) + stored[1::2]
    red, green, blue = ((pairs[:, 0::2, c] + pairs[:, 1::2, c]).astype(np.float32) for c in range(3))
    return np.asarray((0.886 * blue - 0.299 * red - 0.587 * green) * np.float32(0.246) + np.float32(256))
