"""Whether the quantisation tables of a JPEG are those that most software scales (ITU T.81, Annex K), or its own.

Cameras and a few editors bring tables of their own; nearly everything that saves a picture again writes scaled
standard ones. So standard tables beside the marks of a camera say that the file was probably saved again by software.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fileorigin.evidence import Value

# Table K.1 (luminance) in zigzag order, as files store it.
_LUMINANCE = (
    16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40,
    26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61, 60, 57, 51,
    56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87,
    95, 98, 103, 104, 103, 62, 77, 113, 121, 112, 100, 120, 92, 101, 103, 99,
)  # fmt: skip


def values(segments: Iterable[bytes]) -> Mapping[str, Value]:
    """`tables`: `standard` with `jpeg_quality` (1 to 100), or `own`; nothing where there are none."""
    first = next((table for segment in segments for table in _tables(segment)), None)
    if first is None:
        return {}
    quality = _QUALITIES.get(first)
    return {"tables": "own"} if quality is None else {"tables": "standard", "jpeg_quality": quality}


def _tables(segment: bytes) -> Iterable[tuple[int, ...]]:
    """The 8-bit tables numbered 0 (luminance) of one segment."""
    at = 0
    while at < len(segment):
        precision, number = segment[at] >> 4, segment[at] & 15
        size = 128 if precision else 64
        body = segment[at + 1 : at + 1 + size]
        if len(body) < size:
            return
        if number == 0 and not precision:
            yield tuple(body)
        at += 1 + size


def _scaled(quality: int) -> tuple[int, ...]:
    """The table as libjpeg scales it for a quality."""
    factor = 5000 // quality if quality < 50 else 200 - 2 * quality
    return tuple(min(255, max(1, (step * factor + 50) // 100)) for step in _LUMINANCE)


# Of qualities that give the same table the highest is named.
_QUALITIES = {_scaled(quality): quality for quality in range(1, 101)}
