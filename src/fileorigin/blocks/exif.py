"""Read the few EXIF fields that matter for provenance, with hard limits (CIPA DC-008)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

MAX_ENTRIES = 512
MAX_VALUE = 1_000_000

_TEXT_FIELDS = {
    0x010D: "document_name",
    0x010E: "description",
    0x010F: "make",
    0x0110: "model",
    0x0131: "software",
    0x013B: "artist",
    0x8298: "copyright",
    0x9286: "comment",
    0x9C9C: "xp_comment",
}
_EXPOSURE = {0x829A, 0x829D, 0x8827}
_EXIF_IFD, _GPS_IFD, _MAKER_NOTE = 0x8769, 0x8825, 0x927C
_THUMBNAIL_AT, _THUMBNAIL_SIZE = 0x0201, 0x0202
_ONCE = _TEXT_FIELDS.keys() | {_EXIF_IFD, _MAKER_NOTE}
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}


@dataclass
class Exif:
    """Fields of one EXIF block; `damaged` if any of it could not be read, or stands twice (the first is kept)."""

    texts: dict[str, str] = field(default_factory=dict)
    exposures: set[int] = field(default_factory=set)
    maker_note: bytes = b""
    has_gps: bool = False
    thumbnail: bytes = b""
    damaged: bool = False


def read(block: bytes) -> Exif:
    """The fields of a TIFF-structured block; never raises."""
    exif = Exif()
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(block[:4])
    if order is None or len(block) < 8:
        exif.damaged = True
        return exif
    tiff = _Tiff(block, order, exif, left=len(block))
    (first,) = struct.unpack_from(order + "I", block, 4)
    inner, following = tiff.directory(first)
    if inner:
        tiff.directory(inner)
    if following:
        tiff.thumbnail(following)
    return exif


@dataclass
class _Tiff:
    block: bytes
    order: str
    exif: Exif
    left: int
    """Bytes that may still be taken: values that do not overlap are never more than the block. As blocks are bounded
    together, so is what all blocks of a file give."""
    walked: set[int] = field(default_factory=set)
    taken: set[int] = field(default_factory=set)

    def directory(self, at: int) -> tuple[int, int]:
        """Read one directory; returns where the inner and the following one stand (0: none)."""
        inner = 0
        for tag, start, size, number in self._entries(at):
            if tag in _EXPOSURE:
                self.exif.exposures.add(tag)
            elif tag == _GPS_IFD:
                self.exif.has_gps = True
            elif tag in _ONCE and self._first(tag):
                if tag == _EXIF_IFD:
                    inner = number
                elif tag == _MAKER_NOTE:
                    self.exif.maker_note = self._value(start, size)
                else:
                    self.exif.texts[_TEXT_FIELDS[tag]] = _text(tag, self._value(start, size), self.order)
        return inner, self._following(at)

    def thumbnail(self, at: int) -> None:
        """Read the thumbnail that the second directory points at."""
        found = {
            tag: number
            for tag, _, _, number in self._entries(at)
            if tag in {_THUMBNAIL_AT, _THUMBNAIL_SIZE} and self._first(tag)
        }
        start, size = found.get(_THUMBNAIL_AT, 0), found.get(_THUMBNAIL_SIZE, 0)
        if start and size:
            self.exif.damaged |= start + size > len(self.block)
            self.exif.thumbnail = self._value(start, min(size, max(0, len(self.block) - start)))

    def _first(self, tag: int) -> bool:
        """Whether a field that may stand once comes for the first time; another reader may take the second."""
        self.exif.damaged |= tag in self.taken
        first = tag not in self.taken
        self.taken.add(tag)
        return first

    def _value(self, start: int, size: int) -> bytes:
        if size > self.left:
            self.exif.damaged = True
            return b""
        self.left -= size
        return self.block[start : start + min(size, MAX_VALUE)]

    def _count(self, at: int) -> int:
        if at + 2 > len(self.block):
            self.exif.damaged = True
            return 0
        count: int = struct.unpack_from(self.order + "H", self.block, at)[0]
        return count

    def _entries(self, at: int) -> Iterator[tuple[int, int, int, int]]:
        """Yield tag, where its value begins, the value's size, and the number in its place; no directory twice."""
        if at in self.walked:
            self.exif.damaged = True
            return
        self.walked.add(at)
        count = self._count(at)
        self.exif.damaged |= count > MAX_ENTRIES
        for entry in range(at + 2, at + 2 + 12 * min(count, MAX_ENTRIES), 12):
            if entry + 12 > len(self.block):
                self.exif.damaged = True
                return
            tag, kind, length, number = struct.unpack_from(self.order + "HHII", self.block, entry)
            size = _SIZES.get(kind, 1) * length
            start = entry + 8 if size <= 4 else number
            if start + size > len(self.block):
                self.exif.damaged = True
                continue
            yield tag, start, size, number

    def _following(self, at: int) -> int:
        place = at + 2 + 12 * self._count(at)
        if place + 4 > len(self.block):
            return 0
        following: int = struct.unpack_from(self.order + "I", self.block, place)[0]
        return following


def _text(tag: int, value: bytes, order: str) -> str:
    if tag == 0x9C9C:
        return value.decode("utf-16-le", "replace").rstrip("\0")
    if tag == 0x9286:
        return _comment(value, order)
    return value.decode("utf-8", "replace").rstrip("\0 ")


def _comment(value: bytes, order: str) -> str:
    """UserComment: eight bytes name the encoding; writers disagree on byte order, the likelier is taken."""
    prefix, body = value[:8], value[8:]
    if prefix == b"UNICODE\0":
        little, big = body[0::2].count(0), body[1::2].count(0)
        if little == big:
            return body.decode("utf-16-le" if order == "<" else "utf-16-be", "replace")
        return body.decode("utf-16-be" if little > big else "utf-16-le", "replace")
    if prefix in {b"ASCII\0\0\0", b"JIS\0\0\0\0\0", b"\0" * 8}:
        return body.decode("utf-8", "replace").rstrip("\0")
    return value.decode("utf-8", "replace").rstrip("\0")
