"""Walk the directories of a TIFF (revision 6.0), as DNG and other raw files have them too."""

from __future__ import annotations

import struct

from fileorigin.containers.parts import MAX_BLOCKS, Parts, place

SIGNATURES = (b"II*\0", b"MM\0*")
MAX_ENTRIES = 512

_XMP, _IPTC, _PHOTOSHOP, _MANIFEST = 0x02BC, 0x83BB, 0x8649, 0xCD41
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 6: 1, 7: 1, 8: 2, 9: 4, 13: 4}


def walk(data: bytes) -> Parts:
    """EXIF, XMP, IPTC and the places of C2PA manifests of a TIFF, over at most `MAX_BLOCKS` pages."""
    parts = Parts("tiff")
    order = "<" if data[:1] == b"I" else ">"
    parts.add_file_as_exif(data, place("IFD", int.from_bytes(data[4:8], "little" if order == "<" else "big")))
    at, seen = _number(data, order, 4), set[int]()
    while at and at not in seen and len(seen) < MAX_BLOCKS:
        seen.add(at)
        at = _directory(parts, data, order, at)
    if at:
        parts.problems.add("bad_structure" if at in seen else "too_many_parts")
    return parts


def _directory(parts: Parts, data: bytes, order: str, at: int) -> int:
    """Take one directory; returns where the next one stands (0: none)."""
    if at + 2 > len(data):
        parts.problems.add("truncated_file")
        return 0
    (count,) = struct.unpack_from(order + "H", data, at)
    if count > MAX_ENTRIES:
        parts.problems.add("too_many_parts")
        return 0
    if at + 2 + 12 * count + 4 > len(data):
        parts.problems.add("truncated_file")
        return 0
    for entry in range(at + 2, at + 2 + 12 * count, 12):
        tag, kind, length, number = struct.unpack_from(order + "HHII", data, entry)
        if tag in _TAKEN:
            size = _SIZES.get(kind, 1) * length
            _take(parts, data, tag, entry + 8 if size <= 4 else number, size)
    return _number(data, order, at + 2 + 12 * count)


def _take(parts: Parts, data: bytes, tag: int, start: int, size: int) -> None:
    if start + size > len(data):
        parts.problems.add("bad_length")
        return
    at = place("IFD", start)
    if tag == _XMP:
        parts.add_xmp(data[start : start + size], at)
    elif tag == _MANIFEST:
        parts.add_manifest(at)
    else:
        parts.add_iptc(data[start : start + size], at)


def _number(data: bytes, order: str, at: int) -> int:
    if at + 4 > len(data):
        return 0
    (number,) = struct.unpack_from(order + "I", data, at)
    return int(number)


_TAKEN = frozenset({_XMP, _IPTC, _PHOTOSHOP, _MANIFEST})
