"""Walk the chunks of a WebP (RIFF, RFC 9649)."""

from __future__ import annotations

from fileorigin.parts import MAX_PARTS, Parts


def is_webp(data: bytes) -> bool:
    """Whether the first bytes are those of a WebP."""
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def walk(data: bytes) -> Parts:
    """EXIF, XMP and the presence of a C2PA manifest of a WebP."""
    parts = Parts("webp")
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        parts.problems.add("truncated_file")
        end = len(data)
    parts.trailing = len(data) - end
    at = 12
    for _ in range(MAX_PARTS):
        if at + 8 > end:
            return parts
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        if size > end - at - 8:
            parts.problems.add("bad_length")
            return parts
        _take(parts, data[at : at + 4], data, at + 8, size)
        at += 8 + size + (size & 1)
    parts.problems.add("too_many_parts")
    return parts


def _take(parts: Parts, kind: bytes, data: bytes, start: int, size: int) -> None:
    if kind == b"EXIF":
        parts.add_exif(data[start : start + size])
    elif kind == b"XMP ":
        parts.add_xmp(data[start : start + size])
    elif kind == b"C2PA":
        parts.has_manifest = True
