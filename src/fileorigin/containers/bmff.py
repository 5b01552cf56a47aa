"""Walk the boxes of an ISO base media file (ISO 14496-12): HEIF and AVIF pictures, and JPEG XL in its container.

Metadata of a HEIF stands in items: `iinf` names them, `iloc` says where their bytes are. Only the boxes on the way
there are opened, so nesting is three deep whatever the file says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fileorigin.containers.parts import MAX_METADATA, MAX_PARTS, Parts, place

JXL_SIGNATURE = b"\0\0\0\x0cJXL \r\n\x87\n"
MAX_ITEMS = 4_096
MAX_EXTENTS = 16_384  # pieces of all items together: a large picture has an item for each of its squares

_HOLDS = {b"meta", b"moov"}  # of which a picture or a sequence of them has one
_IN_STORE, _IN_ITEM = 1, 2  # how an item is put together, beside from the file itself
_LAST = 1 << 31  # in the number of a JPEG XL's piece: no further one follows

_XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_C2PA_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
_BRANDS = {
    b"avif": "avif", b"avis": "avif", b"heic": "heif", b"heix": "heif", b"heim": "heif", b"heis": "heif",
    b"hevc": "heif", b"hevx": "heif", b"mif1": "heif", b"msf1": "heif",
}  # fmt: skip


@dataclass(frozen=True)
class Box:
    """A box: its type, where its header begins, where its body begins, and where it ends."""

    kind: bytes
    at: int
    start: int
    end: int


def format_of(data: bytes) -> str:
    """`heif` or `avif` by the brands in the file's first box, else `bmff`."""
    end = min(int.from_bytes(data[0:4], "big"), len(data), 256)
    brands = [data[8:12], *(data[at : at + 4] for at in range(16, end - 3, 4))]
    return next((_BRANDS[brand] for brand in brands if brand in _BRANDS), "bmff")


def walk(data: bytes, name: str) -> Parts:
    """EXIF, XMP and the places of C2PA manifests of a picture in this container; `name` is its format."""
    parts = Parts(name)
    seen = whole = False
    for box in boxes(data, 0, len(data), parts.problems):
        if box.kind == b"uuid":
            _take_uuid(parts, data, box)
        elif box.kind == b"meta" and seen:
            parts.problems.add("bad_structure")
        elif box.kind == b"meta":
            seen = True
            _take_meta(parts, data, box)
        elif name == "jxl":
            _take_jxl(parts, data, box)
        whole = whole or (_ends_jxl(data, box) if name == "jxl" else box.kind in _HOLDS)
    # What is cut between two boxes looks whole but for what no longer follows.
    if not whole:
        parts.problems.add("truncated_file")
    return parts


def boxes(data: bytes, at: int, end: int, problems: set[str]) -> Iterator[Box]:
    """The boxes between two offsets, at most `MAX_PARTS`; damage is noted in `problems` and ends them."""
    for _ in range(MAX_PARTS):
        if at == end:
            return
        if at + 8 > end:
            problems.add("truncated_file")
            return
        size, head = int.from_bytes(data[at : at + 4], "big"), 8
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        elif size == 0:
            size = end - at
        if size < head or size > end - at:
            problems.add("bad_length" if size < head else "truncated_file")
            return
        yield Box(data[at + 4 : at + 8], at, at + head, at + size)
        at += size
    problems.add("too_many_parts")


def _take_uuid(parts: Parts, data: bytes, box: Box) -> None:
    uuid = data[box.start : box.start + 16]
    if uuid == _C2PA_UUID:
        parts.add_manifest(place("uuid", box.at))
    elif uuid == _XMP_UUID:
        parts.add_xmp(data[box.start + 16 : box.end], place("uuid", box.at))


def _take_jxl(parts: Parts, data: bytes, box: Box) -> None:
    if box.kind == b"Exif":
        _take_exif(parts, data[box.start : box.end], place("Exif", box.at))
    elif box.kind == b"xml ":
        parts.add_xmp(data[box.start : box.end], place("xml", box.at))
    elif box.kind == b"jumb":
        parts.add_manifest(place("jumb", box.at))
    elif box.kind == b"brob":
        # Metadata packed by Brotli, which is not unpacked here: it is not known to be unmarked.
        parts.problems.add("packed_metadata")


def _ends_jxl(data: bytes, box: Box) -> bool:
    """Whether a box holds a JPEG XL's picture to its end: all of it, or the last of several pieces."""
    last = int.from_bytes(data[box.start : box.start + 4], "big") & _LAST
    return box.kind == b"jxlc" or (box.kind == b"jxlp" and bool(last))


def _take_exif(parts: Parts, body: bytes, at: str) -> None:
    """EXIF of an item: four bytes say where the TIFF structure begins behind them."""
    parts.add_exif(body[4 + int.from_bytes(body[:4], "big") :], at)


def _take_meta(parts: Parts, data: bytes, meta: Box) -> None:
    inner = {box.kind: box for box in boxes(data, meta.start + 4, meta.end, parts.problems)}
    if b"iinf" not in inner or b"iloc" not in inner:
        return
    kinds = _kinds(data, inner[b"iinf"], parts.problems)
    store = inner[b"idat"].start if b"idat" in inner else None
    try:
        places = places_of(data, inner[b"iloc"], store, parts.problems)
    except EOFError:
        parts.problems.add("bad_structure")
        return
    left = MAX_METADATA
    for item, kind in kinds.items():
        body = joined(data, places.get(item, []), left, parts.problems)
        left -= len(body)
        at = place("item", places[item][0][0]) if places.get(item) else place("item", meta.at)
        if kind == b"Exif":
            _take_exif(parts, body, at)
        elif kind == b"mime":
            parts.add_xmp(body, at)


def _kinds(data: bytes, box: Box, problems: set[str]) -> dict[int, bytes]:
    """The items that hold EXIF or XMP, by number."""
    version = data[box.start] if box.start < box.end else 0
    found: dict[int, bytes] = {}
    for entry in boxes(data, box.start + (6 if version == 0 else 8), box.end, problems):
        body = data[entry.start : min(entry.end, entry.start + 256)]
        if entry.kind != b"infe" or len(body) < 12 or body[0] not in {2, 3}:
            continue
        wide = 4 if body[0] == 3 else 2
        kind = body[4 + wide + 2 : 4 + wide + 6]
        if kind == b"Exif" or (kind == b"mime" and b"application/rdf+xml" in body):
            found[int.from_bytes(body[4 : 4 + wide], "big")] = kind
        if len(found) > MAX_ITEMS:
            problems.add("too_many_parts")
            break
    return found


class Numbers:
    """Reads big-endian numbers one after another; raises EOFError at the end of its box."""

    def __init__(self, data: bytes, box: Box) -> None:
        self.data, self.at, self.end = data, box.start, box.end

    def take(self, size: int) -> int:
        """The next number of `size` bytes; 0 bytes are 0."""
        if self.at + size > self.end:
            raise EOFError
        self.at += size
        return int.from_bytes(self.data[self.at - size : self.at], "big")

    def pieces(self, count: int, base: int, sizes: tuple[int, int, int]) -> list[tuple[int, int]]:
        """The next pieces of an item, (offset in the file, size); `sizes` of index, offset and length in bytes."""
        index, offset, length = sizes
        found = []
        for _ in range(count):
            self.take(index)
            found.append((base + self.take(offset), self.take(length)))
        return found


def places_of(data: bytes, box: Box, store: int | None, problems: set[str]) -> dict[int, list[tuple[int, int]]]:
    """(offset in the file, size) of every piece of every item, as far as there are not too many."""
    numbers = Numbers(data, box)
    version = numbers.take(4) >> 24
    sizes = numbers.take(2)
    offset_size, length_size, base_size = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    index_size = sizes & 15 if version in {1, 2} else 0
    wide = 4 if version == 2 else 2
    found: dict[int, list[tuple[int, int]]] = {}
    items, left = numbers.take(wide), MAX_EXTENTS
    if items > MAX_ITEMS:
        problems.add("too_many_parts")
    for _ in range(min(items, MAX_ITEMS)):
        item = numbers.take(wide)
        method = numbers.take(2) & 15 if version in {1, 2} else 0
        here = not numbers.take(2) and method != _IN_ITEM
        base = numbers.take(base_size) + _base(method, store)
        count = numbers.take(2)
        left -= count
        # Pieces of no bytes each cost the file nothing: more than one of them can only be meant to cost us.
        if left < 0 or (count > 1 and not index_size + offset_size + length_size):
            problems.add("too_many_parts")
            break
        found[item] = numbers.pieces(count, base, (index_size, offset_size, length_size))
        problems |= _cut(found[item], len(data)) if here else set()
    return found


def _base(method: int, store: int | None) -> int:
    return store or 0 if method == _IN_STORE else 0


def _cut(pieces: list[tuple[int, int]], end: int) -> set[str]:
    return {"truncated_file"} if any(start + size > end for start, size in pieces) else set()


def joined(data: bytes, pieces: list[tuple[int, int]], most: int, problems: set[str]) -> bytes:
    """The bytes of an item's pieces; none, and a problem, where they are more than `most` or lie outside the file."""
    out = bytearray()
    for start, size in pieces:
        if start + size > len(data):
            problems.add("bad_length")
            return b""
        if len(out) + size > most:
            problems.add("metadata_too_large")
            return b""
        out += data[start : start + size]
    if not out:
        problems.add("bad_structure")
    return bytes(out)
