"""What the picture of a HEIF or AVIF is made of (ISO 23008-12): coded tiles, size, how it is turned, its profile.

Only the plan is read, and nothing is decoded. A file whose plan is of another kind than one picture, coded whole or as
a grid of tiles, has none: what else it holds would be seen by nobody who is shown its first picture.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field, replace

from fileorigin.containers import bmff
from fileorigin.containers.bmff import Box, Numbers

CODED = frozenset({b"hvc1", b"av01"})
MAX_TILES = 1_024
_MOST_GRIDS = 8
_DERIVED = frozenset({b"grid", b"iden", b"iovl"})
_PICTURES = CODED | _DERIVED | {b"jpeg", b"avc1", b"unci", b"j2k1", b"vvc1", b"mski"}
_SERVES = frozenset({b"thmb", b"auxl"})  # a thumbnail, a depth or gain map: of another picture
_LARGEST_PLAN = 64  # bytes of a grid's own data
_ALPHA = (b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0", b"urn:mpeg:hevc:2015:auxid:1\0")


class NoPlan(Exception):  # noqa: N818 - as often a result as a failure
    """The file holds no single picture, or one that is put together in another way than is read here."""


@dataclass(frozen=True)
class Step:
    """What is done with the picture before it is shown, in the file's order.

    `kind`: `crop` (left, top, width, height), `turn` (quarters anticlockwise), `mirror` (0: top and bottom are
    exchanged, 1: left and right).
    """

    kind: str
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Plan:
    """`tiles` are item numbers row by row, `columns` in each row; all have the size of the first.

    `width` and `height` are of the picture before `steps`; `codec` is `hvc1` or `av01`; `profile` is a colour profile
    (ICC), empty where there is none; `alpha` is how what can be seen through is put together, of the same size and
    turned alike, None where nothing can.
    """

    codec: str
    tiles: tuple[int, ...]
    columns: int
    width: int
    height: int
    steps: tuple[Step, ...] = ()
    profile: bytes = b""
    alpha: Plan | None = None


@dataclass
class _Meta:
    """What the box of a HEIF's metadata says of its items."""

    primary: int = 0
    kinds: dict[int, bytes] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    references: list[tuple[bytes, int, tuple[int, ...]]] = field(default_factory=list)
    properties: list[tuple[bytes, bytes]] = field(default_factory=list)
    of_item: dict[int, tuple[int, ...]] = field(default_factory=dict)
    bodies: dict[int, bytes] = field(default_factory=dict)

    def has(self, item: int) -> list[tuple[bytes, bytes]]:
        """The properties of an item in their order."""
        wanted = self.of_item.get(item, ())
        return [self.properties[place - 1] for place in wanted if 0 < place <= len(self.properties)]


def plan(data: bytes) -> Plan:
    """How the one picture of a HEIF or AVIF is put together. Raises `NoPlan`, and nothing else, for any bytes."""
    problems: set[str] = set()
    try:
        boxes = list(bmff.boxes(data, 0, len(data), problems))
        metas = [box for box in boxes if box.kind == b"meta"]
        if len(metas) != 1 or any(box.kind == b"moov" for box in boxes):
            raise NoPlan("The file holds a sequence of pictures, or none.")
        meta = _meta(data, metas[0], problems)
        return _planned(meta)
    except (EOFError, struct.error, IndexError, ValueError) as error:
        raise NoPlan("The file's plan contradicts itself.") from error


def _planned(meta: _Meta) -> Plan:
    served = {item for why, item, _ in meta.references if why in _SERVES}
    parts = {item for why, _, items in meta.references if why == b"dimg" for item in items}
    shown = {item for item, of in meta.kinds.items() if of in _PICTURES} - meta.hidden - served - parts
    if shown - {meta.primary}:
        raise NoPlan("The file holds more than one picture.")
    made = _put_together(meta, meta.primary)
    steps, profile = _steps(meta, made.width, made.height)
    profile = profile or _profile(meta, made.tiles[0])
    return replace(made, steps=steps, profile=profile, alpha=_alpha(meta, made))


def _alpha(meta: _Meta, made: Plan) -> Plan | None:
    if any(why == b"prem" for why, _, _ in meta.references):
        raise NoPlan("The colours of the picture are mixed with what can be seen through.")
    found = [
        item
        for why, item, of in meta.references
        if why == b"auxl" and meta.primary in of and any(_says_alpha(prop) for prop in meta.has(item))
    ]
    if not found:
        return None
    alpha = _put_together(meta, found[0])
    if len(found) > 1 or (alpha.width, alpha.height) != (made.width, made.height):
        raise NoPlan("What can be seen through does not fit the picture.")
    return alpha


def _says_alpha(prop: tuple[bytes, bytes]) -> bool:
    kind, body = prop
    return kind == b"auxC" and body[4:].startswith(_ALPHA)


def _put_together(meta: _Meta, item: int) -> Plan:
    width, height = _size(meta, item)
    tiles: tuple[int, ...] = (item,)
    columns = 1
    if meta.kinds.get(item) == b"grid":
        tiles, columns, width, height = _grid(meta, item)
    coded = {meta.kinds.get(tile, b"") for tile in tiles}
    if len(coded) != 1 or not coded <= CODED:
        raise NoPlan("The picture is put together or coded in a way that is not read here.")
    return Plan(coded.pop().decode(), tiles, columns, width, height)


def _grid(meta: _Meta, grid: int) -> tuple[tuple[int, ...], int, int, int]:
    body = meta.bodies.get(grid, b"")
    wide = struct.Struct(">II" if body[1] & 1 else ">HH")
    rows, columns = body[2] + 1, body[3] + 1
    width, height = wide.unpack_from(body, 4)
    of = [items for why, item, items in meta.references if why == b"dimg" and item == grid]
    if len(of) != 1 or len(of[0]) != rows * columns or len(of[0]) > MAX_TILES:
        raise NoPlan("The grid has not the tiles that it says.")
    if any(kind in {b"irot", b"imir", b"clap"} for tile in of[0] for kind, _ in meta.has(tile)):
        raise NoPlan("The tiles of the grid are turned one by one.")
    return of[0], columns, width, height


def _size(meta: _Meta, item: int) -> tuple[int, int]:
    for kind, body in meta.has(item):
        if kind == b"ispe":
            width, height = struct.unpack_from(">II", body, 4)
            return width, height
    raise NoPlan("The picture does not say how large it is.")


def _steps(meta: _Meta, width: int, height: int) -> tuple[tuple[Step, ...], bytes]:
    found: list[Step] = []
    profile = b""
    for kind, body in meta.has(meta.primary):
        if kind == b"clap":
            found.append(_crop(body, width, height))
        elif kind == b"irot":
            found.append(Step("turn", (body[0] & 3,)))
        elif kind == b"imir":
            found.append(Step("mirror", (body[0] & 1,)))
        elif kind == b"colr" and body[:4] in {b"prof", b"rICC"}:
            profile = body[4:]
    return tuple(found), profile


def _profile(meta: _Meta, item: int) -> bytes:
    bodies = [body for kind, body in meta.has(item) if kind == b"colr" and body[:4] in {b"prof", b"rICC"}]
    return bodies[0][4:] if bodies else b""


def _crop(body: bytes, width: int, height: int) -> Step:
    """The clean aperture: its size, and how far its middle lies from the picture's, as fractions."""
    wide, high, across, down = (_fraction(body, at) for at in (0, 8, 16, 24))
    left, top = round((width - wide) / 2 + across), round((height - high) / 2 + down)
    cut = (left, top, round(wide), round(high))
    if min(left, top) < 0 or min(cut[2:]) < 1 or left + cut[2] > width or top + cut[3] > height:
        raise NoPlan("The picture is cropped to what lies outside it.")
    return Step("crop", cut)


def _fraction(body: bytes, at: int) -> float:
    over, under = struct.unpack_from(">iI", body, at)
    if not under:
        raise ValueError
    return float(over) / float(under)


def _meta(data: bytes, box: Box, problems: set[str]) -> _Meta:
    inner = {one.kind: one for one in bmff.boxes(data, box.start + 4, box.end, problems)}
    if not {b"pitm", b"iinf", b"iloc", b"iprp"} <= set(inner):
        raise NoPlan("The file does not say which picture is its own.")
    found = _Meta()
    numbers = Numbers(data, inner[b"pitm"])
    found.primary = numbers.take(2 if numbers.take(4) >> 24 == 0 else 4)
    _take_items(found, data, inner[b"iinf"], problems)
    if b"iref" in inner:
        _take_references(found, data, inner[b"iref"], problems)
    _take_properties(found, data, inner[b"iprp"], problems)
    store = inner[b"idat"].start if b"idat" in inner else None
    pieces = bmff.places_of(data, inner[b"iloc"], store, problems)
    for item in [item for item, kind in found.kinds.items() if kind == b"grid"][:_MOST_GRIDS]:
        found.bodies[item] = bmff.joined(data, pieces.get(item, []), _LARGEST_PLAN, problems)
    if problems:
        raise NoPlan("The file's plan is damaged.")
    return found


def _take_items(found: _Meta, data: bytes, box: Box, problems: set[str]) -> None:
    version = data[box.start]
    for entry in bmff.boxes(data, box.start + (6 if version == 0 else 8), box.end, problems):
        numbers = Numbers(data, entry)
        head = numbers.take(4)
        if entry.kind != b"infe" or head >> 24 not in {2, 3}:
            continue
        item = numbers.take(4 if head >> 24 == 3 else 2)
        numbers.take(2)
        found.kinds[item] = numbers.take(4).to_bytes(4, "big")
        if head & 1:
            found.hidden.add(item)
        if len(found.kinds) > bmff.MAX_ITEMS:
            raise NoPlan("The file has too many parts.")


def _take_references(found: _Meta, data: bytes, box: Box, problems: set[str]) -> None:
    wide = 2 if data[box.start] == 0 else 4
    left = bmff.MAX_EXTENTS
    for one in bmff.boxes(data, box.start + 4, box.end, problems):
        numbers = Numbers(data, one)
        item, count = numbers.take(wide), numbers.take(2)
        left -= count
        if left < 0:
            raise NoPlan("The file has too many parts.")
        found.references.append((one.kind, item, tuple(numbers.take(wide) for _ in range(count))))


def _take_properties(found: _Meta, data: bytes, box: Box, problems: set[str]) -> None:
    for one in bmff.boxes(data, box.start, box.end, problems):
        if one.kind == b"ipco":
            inner = bmff.boxes(data, one.start, one.end, problems)
            found.properties += [(prop.kind, data[prop.start : prop.end]) for prop in inner]
        elif one.kind == b"ipma":
            _take_associations(found, Numbers(data, one))


def _take_associations(found: _Meta, numbers: Numbers) -> None:
    head, left = numbers.take(4), bmff.MAX_EXTENTS
    size = 2 if head & 1 else 1
    for _ in range(numbers.take(4)):
        item = numbers.take(2 if head >> 24 == 0 else 4)
        count = numbers.take(1)
        left -= count + 1
        if left < 0:
            raise NoPlan("The file has too many parts.")
        # The first bit says that whoever does not know the property must not show the picture.
        found.of_item[item] = tuple(numbers.take(size) & (0x7FFF if size == 2 else 0x7F) for _ in range(count))
