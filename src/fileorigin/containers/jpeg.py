"""Walk the segments of a JPEG (ITU T.81), through all its scans."""

from __future__ import annotations

import re

from fileorigin.containers.parts import MAX_PARTS, Parts, place

SIGNATURE = b"\xff\xd8\xff"

_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_XMP_MORE = b"http://ns.adobe.com/xmp/extension/\0"
_JFIF_PICTURE = b"JFXX\0\x10"
_PHOTOSHOP = b"Photoshop 3.0\0"
# Inside a scan, a marker is FF followed by neither a stuffed zero, a restart (D0..D7) nor another FF.
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")


def walk(data: bytes) -> Parts:
    """EXIF, XMP, IPTC, comments, quantisation tables and the places of C2PA manifests of a JPEG."""
    parts = Parts("jpeg")
    more: dict[bytes, tuple[str, bytearray]] = {}
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
        _take(parts, marker, data[at + 2 : at + size], at - 2, more)
        at += size
    else:
        parts.problems.add("too_many_parts")
    for where, packet in more.values():
        parts.add_xmp(bytes(packet), where)
    return parts


def _take(parts: Parts, marker: int, body: bytes, at: int, more: dict[bytes, tuple[str, bytearray]]) -> None:
    if marker == 0xE1:
        _take_app1(parts, body, place("APP1", at), more)
    elif marker == 0xE0 and body.startswith(_JFIF_PICTURE):
        parts.add_thumbnail(body[len(_JFIF_PICTURE) :], place("APP0", at))
    elif marker == 0xEB and body.startswith(b"JP"):
        parts.add_manifest(place("APP11", at))
    elif marker == 0xED and body.startswith(_PHOTOSHOP):
        parts.add_iptc(body[len(_PHOTOSHOP) :], place("APP13", at))
    elif marker == 0xFE:
        parts.add_text(b"comment", body, place("COM", at), encoding="utf-8")
    elif marker == 0xDB:
        parts.add_table(body)


def _take_app1(parts: Parts, body: bytes, at: str, more: dict[bytes, tuple[str, bytearray]]) -> None:
    if body.startswith(b"Exif\0"):
        parts.add_exif(body[6:], at)
    elif body.startswith(_XMP):
        parts.add_xmp(body[len(_XMP) :], at)
    elif body.startswith(_XMP_MORE):
        # 32 bytes of digest, 4 of full length, 4 of offset; the pieces stand in order.
        rest = body[len(_XMP_MORE) :]
        more.setdefault(rest[:32], (at, bytearray()))[1].extend(rest[40:])
