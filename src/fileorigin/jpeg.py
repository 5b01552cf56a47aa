"""Walk the segments of a JPEG (ITU T.81), through all its scans."""

from __future__ import annotations

import re

from fileorigin.parts import MAX_PARTS, Parts

SIGNATURE = b"\xff\xd8\xff"

_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_XMP_MORE = b"http://ns.adobe.com/xmp/extension/\0"
# Inside a scan, a marker is FF followed by neither a stuffed zero, a restart (D0..D7) nor another FF.
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")


def walk(data: bytes) -> Parts:
    """EXIF, XMP, comments and the presence of a C2PA manifest of a JPEG."""
    parts = Parts("jpeg")
    more: dict[bytes, bytearray] = {}
    at = 2
    for _ in range(MAX_PARTS):
        found = _MARKER.search(data, at)
        if found is None:
            parts.problems.add("truncated_file")
            break
        at, marker = found.start() + 2, data[found.start() + 1]
        if marker == 0xD9:
            parts.trailing = len(data) - at
            break
        size = int.from_bytes(data[at : at + 2], "big")
        if size < 2 or at + size > len(data):
            parts.problems.add("bad_length")
            break
        _take(parts, marker, data[at + 2 : at + size], more)
        at += size
    else:
        parts.problems.add("too_many_parts")
    for packet in more.values():
        parts.add_xmp(bytes(packet))
    return parts


def _take(parts: Parts, marker: int, body: bytes, more: dict[bytes, bytearray]) -> None:
    if marker == 0xE1:
        _take_app1(parts, body, more)
    elif marker == 0xEB and body.startswith(b"JP"):
        parts.has_manifest = True
    elif marker == 0xFE:
        parts.add_text(b"comment", body, encoding="utf-8")


def _take_app1(parts: Parts, body: bytes, more: dict[bytes, bytearray]) -> None:
    if body.startswith(b"Exif\0"):
        parts.add_exif(body[6:])
    elif body.startswith(_XMP):
        parts.add_xmp(body[len(_XMP) :])
    elif body.startswith(_XMP_MORE):
        # 32 bytes of digest, 4 of full length, 4 of offset; the pieces stand in order.
        rest = body[len(_XMP_MORE) :]
        more.setdefault(rest[:32], bytearray()).extend(rest[40:])
