"""Walk the chunks of a WebP (RIFF, RFC 9649)."""

from __future__ import annotations

from fileorigin.containers.parts import MAX_PARTS, Parts, place


def is_webp(data: bytes) -> bool:
    """Whether the first bytes are those of a WebP."""
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def walk(data: bytes) -> Parts:
    """EXIF, XMP, the places of C2PA manifests and the coding of a WebP."""
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
        parts.add_exif(data[start : start + size], place("EXIF", start - 8))
    elif kind == b"XMP ":
        parts.add_xmp(data[start : start + size], place("XMP", start - 8))
    elif kind == b"C2PA":
        parts.add_manifest(place("C2PA", start - 8))
    elif kind == b"VP8 ":
        parts.lossy = True
    elif kind == b"ALPH":
        parts.alpha = True
    elif kind == b"VP8L" and size >= 5:
        # A signature byte, 14 bits of width, 14 of height, then whether alpha is used.
        parts.alpha |= bool(data[start + 4] & 0x10)
