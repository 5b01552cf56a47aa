"""Which container a file is, and its walker."""

from __future__ import annotations

from fileorigin.containers import bmff, gif, jpeg, png, tiff, webp
from fileorigin.containers.parts import Parts

WALKED = frozenset({"png", "jpeg", "webp", "gif", "tiff", "heif", "avif", "jxl"})

_UNWALKED = ((b"II+\0", "tiff_64"), (b"MM\0+", "tiff_64"), (b"BM", "bmp"), (b"<svg", "svg"))


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
    if data.startswith(tiff.SIGNATURES):
        return tiff.walk(data)
    return _boxed(data)


def _boxed(data: bytes) -> Parts:
    if data.startswith(bmff.JXL_SIGNATURE):
        return bmff.walk(data, "jxl")
    if data.startswith(b"\xff\x0a"):
        return Parts("jxl")  # a bare codestream has no room for metadata
    if data[4:8] == b"ftyp":
        name = bmff.format_of(data)
        return bmff.walk(data, name) if name in WALKED else Parts(name)
    return Parts(next((name for magic, name in _UNWALKED if data.startswith(magic)), "unknown"))
