"""The embedded thumbnail: it may show the picture before it was changed, so it is sealed, and compared."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, JpegImagePlugin

from fileorigin.evidence import Finding, Status, Strength, Value
from fileorigin.pixels import Undecodable, decoded
from fileorigin.reading import Reading, digest, locations

MAX_THUMBNAIL_PIXELS = 1_000_000
MAX_COMPARED = 4
ALIKE = 0.7  # correlation of details from which a thumbnail is of the same picture; README.md has what was measured
_SIDE = 32
_FLAT = 0.5  # standard deviation of the details under which there is nothing to correlate
_BLACK = 24


def thumbnail(reading: Reading) -> Finding:
    """Whether there is a thumbnail, and whether it shows what the file shows."""
    held = _held(reading)
    if not held:
        return reading.nothing("thumbnail")
    values: dict[str, Value] = {
        "sha256": tuple(digest(p) for p, _ in held),
        "length": sum(len(p) for p, _ in held),
    }
    values |= _compared(reading, [picture for picture, _ in held[:MAX_COMPARED]])
    return Finding(
        "thumbnail",
        Status.PRESENT,
        Strength.MODERATE if values.get("differs") is True else Strength.NONE,
        values=values,
        sealed_refs=tuple(reading.seal.put("thumbnail", p) for p, _ in held),
        locations=locations([at for _, at in held]),
    )


def _held(reading: Reading) -> list[tuple[bytes, str]]:
    """Every thumbnail and where it stands: in EXIF, among Photoshop's resources, in the head of a JPEG."""
    parts = reading.parts
    found = [(read.thumbnail, raw.at) for read, raw in zip(reading.exif, parts.exif, strict=True)]
    found += [(read.thumbnail, raw.at) for read, raw in zip(reading.iptc, parts.iptc, strict=True)]
    found += [(block.body, block.at) for block in parts.thumbnails]
    return [(picture, at) for picture, at in found if picture]


def _compared(reading: Reading, pictures: list[bytes]) -> dict[str, Value]:
    """How alike the least alike of them is; or why none could be compared."""
    known: list[float] = []
    reason = "no_pattern"
    for raw in pictures:
        try:
            # The picture first: where that may not be decoded, nothing else is.
            picture = reading.pixels.small()
            similarity = likeness(_decoded(raw), picture)
        except Undecodable as error:
            reason = error.reason
        else:
            known += [] if similarity is None else [similarity]
    if not known:
        return {"not_compared": reason}
    return {"similarity": round(min(known), 2), "differs": min(known) < ALIKE}


def likeness(thumb: NDArray[np.uint8], picture: NDArray[np.uint8]) -> float | None:
    """Correlation of the details of two lumas, -1 to 1; None of a picture without any.

    The best of the four turns, with and without black bars: software turns a picture and forgets its thumbnail, and
    cameras put bars around one of another shape. Neither is a difference. Broad light and dark is left out, since
    all landscapes have that alike.
    """
    known = _details(picture)
    if known.std() < _FLAT:
        return None
    turned = [np.rot90(version, turn) for version in (thumb, _without_bars(thumb)) for turn in range(4)]
    return max(_correlation(_details(version), known) for version in turned)


def _correlation(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    spread = one.std() * other.std()
    return float(((one - one.mean()) * (other - other.mean())).mean() / spread) if one.std() >= _FLAT else 0.0


def _details(luma: NDArray[np.uint8]) -> NDArray[np.float64]:
    """32 x 32, less what is left of it at 8 x 8."""
    small = Image.fromarray(np.ascontiguousarray(luma)).convert("F").resize((_SIDE, _SIDE), Image.Resampling.BOX)
    broad = small.resize((_SIDE // 4, _SIDE // 4), Image.Resampling.BOX).resize(small.size, Image.Resampling.BICUBIC)
    return np.asarray(small, np.float64) - np.asarray(broad, np.float64)


def _without_bars(luma: NDArray[np.uint8]) -> NDArray[np.uint8]:
    rows = np.flatnonzero(luma.max(axis=1) > _BLACK)
    columns = np.flatnonzero(luma.max(axis=0) > _BLACK)
    if not rows.size or not columns.size:
        return luma
    return luma[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _decoded(raw: bytes) -> NDArray[np.uint8]:
    image = decoded(lambda: JpegImagePlugin.JpegImageFile(io.BytesIO(raw)))
    if image.width * image.height > MAX_THUMBNAIL_PIXELS:
        raise Undecodable("too_many_pixels")
    return decoded(lambda: np.asarray(image.convert("L")))
