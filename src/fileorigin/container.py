"""Which container a file is, and its walker."""

from __future__ import annotations

from fileorigin import gif, jpeg, png, webp
from fileorigin.parts import Parts

_UNWALKED = (
    (b"II*\0", 0, "tiff"),
    (b"MM\0*", 0, "tiff"),
    (b"ftyp", 4, "bmff"),
    (b"\0\0\0\x0cJXL ", 0, "jxl"),
    (b"\xff\x0a", 0, "jxl"),
    (b"BM", 0, "bmp"),
    (b"<svg", 0, "svg"),
)


def walk(data: bytes) -> Parts:
    """The metadata of a file. A format without a walker has `format` set and nothing else."""
    if data.startswith(png.SIGNATURE):
        return png.walk(data)
    if data.startswith(jpeg.SIGNATURE):
        return jpeg.walk(data)
    if webp.is_webp(data):
        return webp.walk(data)
    if data.startswith(gif.SIGNATURES):
        return gif.walk(data)
    for magic, at, name in _UNWALKED:
        if data[at : at + len(magic)] == magic:
            return Parts(name)
    return Parts("unknown")


WALKED = frozenset({"png", "jpeg", "webp", "gif"})
