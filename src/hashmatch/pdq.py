"""PDQ of pictures: from bytes, from pixels, in all eight positions, and of many at once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hashmatch import bulk, pdq_exact, pdq_kernels
from hashmatch.canonical import (
    CANONICAL,
    MAX_FRAMES,
    MAX_PIXELS,
    CanonicalPicture,
    CanonicalPixels,
    Facts,
    canonical_pixels,
    canonical_strips,
    decoded_picture,
    draft_luma,
    strips_of,
)
from hashmatch.errors import InvalidHashes, UnreadableImage
from hashmatch.turning import ODD_COLUMN, ODD_ROW, ODD_SUM

__all__ = [
    "CANONICAL",
    "PDQ",
    "CanonicalPicture",
    "CanonicalPixels",
    "Facts",
    "UnreadableImage",
    "canonical_pixels",
    "decoded_picture",
    "dihedral",
    "from_bytes",
    "from_picture",
    "from_pixels",
    "many",
]

PIXELS = "caller's pixels"
FAST = f"{CANONICAL} fast"
SMALLEST_SIDE = 5


@dataclass(frozen=True, slots=True)
class PDQ:
    """A hash and what to know of it.

    `hash`: 32 bytes, in the order in which PDQ is written in hex. `quality`: 0..100; below 50 a picture is
    too plain to match on. `canonical`: the rule by which the pixels were made.
    """

    hash: bytes
    quality: int
    canonical: str


def from_bytes(data: bytes, *, exact: bool = True, max_pixels: int = MAX_PIXELS, max_frames: int = MAX_FRAMES) -> PDQ:
    """Hash a file's canonical pixels. Raises `UnreadableImage`, and nothing else, whatever the bytes are.

    `exact=True` gives the bits of Meta's reference, for list entries. `exact=False` is for searching: a JPEG of at
    least 1024 pixels a side is decoded only in part, a few bits may differ, and `canonical` then ends in "fast".
    """
    if not exact and (draft := draft_luma(data, max_pixels=max_pixels, max_frames=max_frames)):
        small = pdq_kernels.shrink_scaled(draft.luma, (draft.height, draft.width), draft.scale, draft.flipped)
        return _of_small(small.T.copy() if draft.transposed else small, FAST)
    strips, height, width = canonical_strips(
        data, unit=pdq_exact.STRIP_UNIT, max_pixels=max_pixels, max_frames=max_frames
    )
    return _hashed(strips, height, width, CANONICAL)


def from_pixels(pixels: NDArray[np.uint8], *, canonical: str = PIXELS) -> PDQ:
    """Hash pixels that are upright already: (height, width, 3) sRGB or (height, width) luma, uint8.

    Same bits as Meta's reference (`pdqhash` 0.2.8). A side under 5 pixels gives the zero hash with quality
    0, as there. `canonical` is copied into the result: pass what `canonical_pixels` returned beside the
    pixels.
    """
    flat = _flat(pixels)
    height, width = pixels.shape[:2]
    return _hashed([flat], height, width, canonical)


def from_picture(picture: Image.Image, *, canonical: str = PIXELS) -> PDQ:
    """Hash a Pillow picture of mode "RGB" that is upright already, where its pixels lie; as `from_pixels`."""
    if picture.mode != "RGB" or 0 in picture.size:
        raise InvalidHashes(f"The picture must be RGB and not empty; this is {picture.mode} {picture.size}.")
    return _hashed(strips_of(picture, pdq_exact.STRIP_UNIT), picture.height, picture.width, canonical)


def dihedral(pixels: NDArray[np.uint8], *, canonical: str = PIXELS) -> tuple[PDQ, ...]:
    """Hash the eight rotations and mirrors at once; the first is that of `from_pixels`.

    In the reference's order: as it is; turned by 90, 180 and 270 degrees; mirrored top to bottom; mirrored
    left to right; mirrored along the two diagonals. As there, they are derived from the frequencies of the
    upright picture, and can be a few bits from the hash of the turned pixels.
    """
    flat = _flat(pixels)
    if min(pixels.shape[:2]) < SMALLEST_SIDE:
        return (_too_small(canonical),) * 8
    small = pdq_exact.shrink_as_reference([flat], *pixels.shape[:2])
    quality = _quality(pdq_kernels.gradient(small))
    a = pdq_kernels.frequencies(small)
    positions = (
        a,
        np.where(ODD_COLUMN, a, -a).T,
        np.where(ODD_SUM, -a, a),
        np.where(ODD_ROW, a, -a).T,
        np.where(ODD_ROW, a, -a),
        np.where(ODD_COLUMN, a, -a),
        a.T,
        np.where(ODD_SUM, -a, a).T,
    )
    return tuple(PDQ(_bits(position), quality, canonical) for position in positions)


def many(
    sources: Iterable[bytes | Path], *, exact: bool = True, workers: int | None = None
) -> Iterator[PDQ | UnreadableImage]:
    """Hash files (their bytes or paths) over a pool of processes, in input order, holding few at a time.

    `workers`: how many processes work, this one among them; default one a processor. A file that cannot be read is
    yielded as its `UnreadableImage` (`missing` for a path that cannot be opened). With more than one worker the calling
    script needs the usual `if __name__ == "__main__"`. Files are decoded without a sandbox: for files that one may
    decode so.
    """
    return bulk.mapped(_one, ((source, exact) for source in sources), workers)


def _one(task: tuple[bytes | Path, bool]) -> PDQ | UnreadableImage:
    source, exact = task
    try:
        data = source if isinstance(source, bytes) else source.read_bytes()
        return from_bytes(data, exact=exact)
    except UnreadableImage as error:
        return error
    except OSError as error:
        return UnreadableImage("missing", f"The file {source!s} cannot be opened: {error.strerror}.")


def _hashed(strips: Iterable[NDArray[np.uint8]], height: int, width: int, canonical: str) -> PDQ:
    if min(height, width) < SMALLEST_SIDE:
        return _too_small(canonical)
    return _of_small(pdq_exact.shrink_as_reference(strips, height, width), canonical)


def _of_small(small: NDArray[np.float32], canonical: str) -> PDQ:
    return PDQ(_bits(pdq_kernels.frequencies(small)), _quality(pdq_kernels.gradient(small)), canonical)


def _flat(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Rows of interleaved channels."""
    fits = pixels.ndim == 2 or (pixels.ndim == 3 and pixels.shape[2] == 3)
    if pixels.dtype != np.uint8 or not fits or 0 in pixels.shape:
        raise InvalidHashes(
            "Pixels must be a uint8 array of shape (height, width, 3) or (height, width); this is "
            f"{pixels.dtype} {pixels.shape}."
        )
    return np.ascontiguousarray(pixels).reshape(pixels.shape[0], -1)


def _too_small(canonical: str) -> PDQ:
    return PDQ(bytes(32), 0, canonical)


def _bits(frequencies: NDArray[np.float32]) -> bytes:
    lower_median = np.sort(frequencies, axis=None)[frequencies.size // 2 - 1]
    above = frequencies.ravel() > lower_median
    return np.packbits(above[::-1]).tobytes()


def _quality(gradient: int) -> int:
    return min(100, gradient // 90)
