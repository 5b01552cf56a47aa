"""Pictures in the container of HEIF and AVIF, put together here out of tiles that Pillow codes as AV1."""

import base64
import io
import struct
from collections.abc import Sequence
from importlib import resources

from PIL import Image

from fileorigin.containers import bmff

TILE = 64


def stills() -> list[bytes]:
    """Return a HEIF and an AVIF of 96 x 64 pixels, those that the program in the sandbox is warmed with."""
    text = resources.files("openhotline.evidence.examiner").joinpath("still_samples.txt").read_text()
    return [base64.b64decode(line) for line in text.split()]


def box(kind: bytes, *bodies: bytes) -> bytes:
    """Return a box."""
    body = b"".join(bodies)
    return struct.pack(">I", len(body) + 8) + kind + body


def full(kind: bytes, *bodies: bytes, version: int = 0, flags: int = 0) -> bytes:
    """Return a box with a version and flags."""
    return box(kind, struct.pack(">I", version << 24 | flags), *bodies)


def coded(picture: Image.Image) -> tuple[bytes, bytes]:
    """Return how AV1 is set up for a picture (a property), and its bytes."""
    sink = io.BytesIO()
    picture.save(sink, "AVIF", quality=90, subsampling="4:4:4")
    data, problems = sink.getvalue(), set[str]()
    meta = next(one for one in bmff.boxes(data, 0, len(data), problems) if one.kind == b"meta")
    inner = {one.kind: one for one in bmff.boxes(data, meta.start + 4, meta.end, problems)}
    held = bmff.boxes(data, inner[b"iprp"].start, inner[b"iprp"].end, problems)
    store = next(one for one in held if one.kind == b"ipco")
    setup = next(one for one in bmff.boxes(data, store.start, store.end, problems) if one.kind == b"av1C")
    ((start, size),) = bmff.places_of(data, inner[b"iloc"], None, problems)[1]
    return data[setup.at : setup.end], data[start : start + size]


def gridded(
    picture: Image.Image,
    *,
    columns: int = 2,
    turned: int = 0,
    mirrored: int | None = None,
    cropped: tuple[int, int] | None = None,
    more: Sequence[bytes] = (),
    references: Sequence[tuple[bytes, int, Sequence[int]]] = (),
    brand: bytes = b"avif",
    profile: bytes = b"",
    alpha: Image.Image | None = None,
) -> bytes:
    """Return an AVIF of a picture cut into tiles of 64 x 64 pixels, item 1 the grid.

    ``more``: kinds of further items that hold nothing, numbered from 100; ``references``: (why, item, to which);
    ``alpha``: what can be seen through, in one piece, as item 90.
    """
    rows = -(-picture.height // TILE)
    canvas = Image.new("RGB", (columns * TILE, rows * TILE))
    canvas.paste(picture, (0, 0))
    places = [(left * TILE, top * TILE) for top in range(rows) for left in range(columns)]
    made = [coded(canvas.crop((x, y, x + TILE, y + TILE))) for x, y in places]
    tiles = range(2, 2 + len(made))
    plan = struct.pack(">BBBBHH", 0, 0, rows - 1, columns - 1, picture.width, picture.height)
    kinds = {1: b"grid", **dict.fromkeys(tiles, b"av01"), **{100 + n: kind for n, kind in enumerate(more)}}
    properties = [
        full(b"ispe", struct.pack(">II", picture.width, picture.height)),
        full(b"ispe", struct.pack(">II", TILE, TILE)),
        made[0][0],
    ]
    steps = [box(b"irot", bytes([turned]))] if turned else []
    steps += [box(b"imir", bytes([mirrored]))] if mirrored is not None else []
    steps += [box(b"colr", b"prof", profile)] if profile else []
    if cropped:
        steps = [box(b"clap", struct.pack(">8i", cropped[0], 1, cropped[1], 1, 0, 1, 0, 1)), *steps]
    # The first bit: whoever does not know the property must not show the picture.
    of_item = {1: [1, *(0x80 | 4 + n for n in range(len(steps)))], **{tile: [2, 0x83] for tile in tiles}, 100: [2]}
    if alpha is not None:
        setup, body = coded(alpha)
        first = 1 + len(properties) + len(steps)
        told = full(b"auxC", b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0")
        steps = [*steps, setup, told]
        kinds[90], of_item[90] = b"av01", [1, 0x80 | first, 0x80 | first + 1]
        references = [(b"auxl", 90, [1]), *references]
    bodies = {90: body} if alpha is not None else {}
    bodies |= {1: plan, **{tile: body for tile, (_, body) in zip(tiles, made, strict=True)}}
    return put_together(
        kinds, [*properties, *steps], of_item, bodies, [(b"dimg", 1, list(tiles)), *references], brand, set(tiles)
    )


def put_together(
    kinds: dict[int, bytes],
    properties: Sequence[bytes],
    of_item: dict[int, list[int]],
    bodies: dict[int, bytes],
    references: Sequence[tuple[bytes, int, Sequence[int]]],
    brand: bytes = b"avif",
    hidden: set[int] = frozenset(),  # type: ignore[assignment]
) -> bytes:
    """Return a file of these items, with the first as its own picture."""
    entries = [
        full(b"infe", struct.pack(">HH", item, 0), kind, b"\0", version=2, flags=int(item in hidden))
        for item, kind in kinds.items()
    ]
    associated = b"".join(
        struct.pack(">HB", item, len(which)) + bytes(which) for item, which in of_item.items() if item in kinds
    )
    many = sum(item in kinds for item in of_item)
    refers = [box(why, struct.pack(f">HH{len(to)}H", item, len(to), *to)) for why, item, to in references]

    def meta(start: int) -> bytes:
        placed, at = b"", start
        for item, body in bodies.items():
            placed += struct.pack(">HHHII", item, 0, 1, at, len(body))
            at += len(body)
        return full(
            b"meta",
            full(b"hdlr", bytes(4), b"pict", bytes(13)),
            full(b"pitm", struct.pack(">H", next(iter(kinds)))),
            full(b"iloc", struct.pack(">HH", 0x4400, len(bodies)), placed),
            full(b"iinf", struct.pack(">H", len(entries)), *entries),
            full(b"iref", *refers),
            box(b"iprp", box(b"ipco", *properties), full(b"ipma", struct.pack(">I", many), associated)),
        )

    head = box(b"ftyp", brand, bytes(4), b"mif1", brand)
    before = len(head) + len(meta(0)) + 8
    return head + meta(before) + box(b"mdat", *bodies.values())
