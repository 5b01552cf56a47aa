"""Files that are nearly pictures or videos: our own seeds, taken apart, damaged, and put together again.

Lengths and checksums are made to fit after the damage, so that it reaches the decoder and not only the first check.
Every case is its seed and its number: the same two give the same bytes.
"""

import functools
import io
import random
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from PIL import ExifTags, Image, ImageCms, PngImagePlugin

from moving import moving
from stills import gridded, stills

PNG = b"\x89PNG\r\n\x1a\n"
BOUNDARIES = (0, 1, 2, 3, 127, 128, 255, 256, 32767, 32768, 65535, 2**31 - 1, 2**31, 2**32 - 1)
Parts = list["Part"]


@dataclass(frozen=True)
class Part:
    """One block of a file: its kind as the format writes it, and its body without length and checksum."""

    kind: bytes
    body: bytes


@functools.cache
def seeds() -> dict[str, tuple[bytes, ...]]:
    """Return small generated pictures and videos by format, which between them use the formats' features."""
    picture = Image.fromarray(np.random.default_rng(4).integers(0, 256, (40, 48, 3), np.uint8)).resize((64, 52))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation], exif[ExifTags.Base.Software] = 6, "practice"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    more = {"exif": exif.tobytes(), "icc_profile": profile}
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/></x:xmpmeta>"
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "practice")
    notes.add_text("parameters", "shapes " * 40, zip=True)
    notes.add_itxt("XML:com.adobe.xmp", xmp.decode())
    turning = {"save_all": True, "append_images": [picture.rotate(turn) for turn in (90, 180)], "duration": 40}
    clear = picture.convert("RGBA")
    clear.putalpha(90)
    jpegs = ({}, more, {"progressive": True}, {"xmp": xmp, "restart_marker_blocks": 3}, {"subsampling": 0, **more})
    made = {
        "JPEG": [_saved(picture, "JPEG", **one) for one in jpegs]
        + [_saved(picture.convert(mode), "JPEG") for mode in ("L", "CMYK")],
        "PNG": [_saved(picture.convert(mode), "PNG", pnginfo=notes) for mode in ("RGB", "P", "1", "L", "LA", "RGBA")]
        + [_saved(picture, "PNG", **more), _saved(picture, "PNG", **turning)]
        + [_saved(Image.fromarray(np.arange(2400, dtype=np.uint16).reshape(40, 60)), "PNG")],
        "WEBP": [_saved(picture, "WEBP", **one) for one in ({}, {"lossless": True}, {"xmp": xmp, **more}, turning)]
        + [_saved(clear, "WEBP", exact=True)],
        "GIF": [_saved(picture, "GIF", **one) for one in ({}, {"interlace": 0}, turning, {"comment": b"practice"})]
        + [_saved(picture.convert("P"), "GIF", transparency=3)],
        "TIFF": [_saved(picture, "TIFF", compression=packing) for packing in (None, "tiff_lzw", "jpeg", "packbits")]
        + [_saved(picture.convert(mode), "TIFF", compression="tiff_adobe_deflate") for mode in ("L", "P", "CMYK", "1")]
        + [_saved(picture, "TIFF", tiffinfo={0x0112: 6, 0x0131: "practice"})],
        "HEIF": [
            *stills(),
            gridded(picture, columns=1, turned=1),
            gridded(picture.resize((120, 70)), cropped=(90, 50)),
        ],
    }
    small = {"seconds": 1, "size": (64, 48)}
    videos = {
        "MP4": [moving(1, "MP4", codec=codec, **small) for codec in ("libx264", "libsvtav1", "mpeg4")],
        "WEBM": [moving(1, "WEBM", codec=codec, **small) for codec in ("libvpx", "libvpx-vp9")],
        "AVI": [moving(1, "AVI", codec=codec, **small) for codec in ("mpeg4", "libx264")],
    }
    return {form: tuple(files) for form, files in (made | videos).items()}


def case(seed: int, number: int) -> tuple[str, bytes]:
    """Return the format and the bytes of one case."""
    chance = random.Random(f"{seed}:{number}")
    form = chance.choice(sorted(seeds()))
    parts = apart(form, chance.choice(seeds()[form]))
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        parts = damaged(form, parts, chance)
    data = together(form, parts, chance)
    if chance.random() < 0.1:
        data = data[: chance.randrange(len(data) + 1)]
    return form, data + (chance.randbytes(40) if chance.random() < 0.05 else b"")


def apart(form: str, data: bytes) -> Parts:
    """Take a sound file apart; ``together`` without chance gives the same bytes."""
    return _APART[form](data)


def together(form: str, parts: Parts, chance: random.Random | None = None) -> bytes:
    """Put blocks together with lengths and checksums that fit; with ``chance`` one block in twenty is told wrong."""
    body = _written(form, parts, chance)
    riff = b"RIFF" + struct.pack("<I", len(body) + 4)
    return {"PNG": PNG, "WEBP": riff + b"WEBP", "AVI": riff + b"AVI "}.get(form, b"") + body


def damaged(form: str, parts: Parts, chance: random.Random) -> Parts:
    """Damage a block; where blocks hold others mostly one inside, however deep: the lengths around it fit again."""
    holding = [at for at, part in enumerate(parts) if holds(form, part)]
    if holding and chance.random() < 0.75:
        at = chance.choice(holding)
        head, held = inside(form, parts[at])
        body = head + _written(form, damaged(form, held, chance), chance)
        return [*parts[:at], replace(parts[at], body=body), *parts[at + 1 :]]
    return (chance.choice(DAMAGES)(parts, chance, form) if parts else None) or parts


def holds(form: str, part: Part) -> bool:
    """Say whether a block is made of blocks."""
    kind = part.kind[: _name_length(part.kind)] if form == "WEBM" else part.kind
    return bool(part.body) and kind in _HOLDERS.get(form, ())


def inside(form: str, part: Part) -> tuple[bytes, Parts]:
    """Return what stands at the beginning of such a block, and the blocks that it is made of."""
    ahead = _AHEAD.get(form, 0) if part.kind != b"meta" else 4
    return part.body[:ahead], _BLOCKS[form](part.body[ahead:])


def _written(form: str, parts: Parts, chance: random.Random | None) -> bytes:
    lies = [bool(chance) and chance.random() < 0.05 for _ in parts]
    return b"".join(_WRITE[form](part, chance if lie else None) for part, lie in zip(parts, lies, strict=True))


def _saved(picture: Image.Image, form: str, **options: object) -> bytes:
    sink = io.BytesIO()
    picture.save(sink, form, **options)
    return sink.getvalue()


def _jpeg_apart(data: bytes) -> Parts:
    parts, at = [Part(data[:2], b"")], 2
    while data[at + 1] != 0xD9:
        length = struct.unpack_from(">H", data, at + 2)[0]
        parts.append(Part(data[at : at + 2], data[at + 4 : at + 2 + length]))
        at += 2 + length
        end = at
        while data[end] != 0xFF or data[end + 1] in {0, *range(0xD0, 0xD8)}:
            end += 1
        if end > at:
            parts.append(Part(b"", data[at:end]))
        at = end
    return [*parts, Part(data[at:], b"")]


def _png_apart(data: bytes) -> Parts:
    parts, at = [], len(PNG)
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        parts.append(Part(kind, data[at + 8 : at + 8 + length]))
        at += length + 12
    return parts


def _riff_apart(data: bytes) -> Parts:
    return _riff_blocks(data[12:])


def _riff_blocks(data: bytes) -> Parts:
    parts, at = [], 0
    while at + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        if at + 8 + length > len(data):
            break
        parts.append(Part(kind, data[at + 8 : at + 8 + length]))
        at += 8 + length + length % 2
    return [*parts, *_rest(data, at)]


def _gif_apart(data: bytes) -> Parts:
    palette = 3 << ((data[10] & 7) + 1) if data[10] & 0x80 else 0
    parts, at = [Part(data[: 13 + palette], b"")], 13 + palette
    while data[at] != 0x3B:
        start = at
        if data[at] == 0x2C:
            at += 11 + (3 << ((data[at + 9] & 7) + 1) if data[at + 9] & 0x80 else 0)
        else:
            at += 2
        head, body = data[start:at], b""
        while data[at]:
            body += data[at + 1 : at + 1 + data[at]]
            at += data[at] + 1
        at += 1
        parts.append(Part(head, body))
    return [*parts, Part(b"\x3b", b"")]


def _tiff_apart(data: bytes) -> Parts:
    """Return the head, and what stands before, in and behind the first directory, each as it is written."""
    at = struct.unpack_from("<I" if data[:1] == b"I" else ">I", data, 4)[0]
    ends = at + 2 + 12 * struct.unpack_from("<H" if data[:1] == b"I" else ">H", data, at)[0] + 4
    pieces = [data[:8], data[8:at], data[at:ends], data[ends:]]
    return [Part(b"", piece) for piece in pieces if piece]


def _mp4_blocks(data: bytes) -> Parts:
    parts, at = [], 0
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if not 8 <= length <= len(data) - at:
            break
        parts.append(Part(kind, data[at + 8 : at + length]))
        at += length
    return [*parts, *_rest(data, at)]


def _webm_blocks(data: bytes) -> Parts:
    """Return elements; the kind of one is its name and its size as it was told, which says how long that is written."""
    parts, at = [], 0
    while at + 2 <= len(data):
        name = _name_length(data[at:])
        size = _name_length(data[at + name :])
        begins = at + name + size
        ends = begins + (int.from_bytes(data[at + name : begins]) & ((1 << 7 * size) - 1))
        if not name or not size or ends > len(data):
            break
        parts.append(Part(data[at:begins], data[begins:ends]))
        at = ends
    return [*parts, *_rest(data, at)]


def _name_length(data: bytes) -> int:
    """Return how many bytes the number takes that data begins with, as Matroska writes them; 0 where none begins."""
    return 9 - data[0].bit_length() if data and data[0] else 0


def _rest(data: bytes, at: int) -> Parts:
    """Return what is no block, as one that is written as it is; nothing where nothing is left."""
    return [Part(b"", data[at:])] if at < len(data) else []


_APART: dict[str, Callable[[bytes], Parts]] = {
    "JPEG": _jpeg_apart,
    "PNG": _png_apart,
    "WEBP": _riff_apart,
    "GIF": _gif_apart,
    "MP4": _mp4_blocks,
    "WEBM": _webm_blocks,
    "AVI": _riff_apart,
    "TIFF": _tiff_apart,
    "HEIF": _mp4_blocks,
}
_BLOCKS = {"HEIF": _mp4_blocks, "WEBP": _riff_blocks, "MP4": _mp4_blocks, "WEBM": _webm_blocks, "AVI": _riff_blocks}
# Segment, places to seek, what it is, tracks, a track, its picture, a cluster, a group of blocks, cues, tags.
_WEBM_HOLDERS = "18538067 114d9b74 4dbb 1549a966 1654ae6b ae e0 55b0 1f43b675 a0 1c53bb6b bb b7 1254c367 7373 67c8"
_HOLDERS = {
    "WEBP": frozenset({b"ANMF"}),
    "MP4": frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"dinf", b"udta", b"mvex"}),
    "WEBM": frozenset(bytes.fromhex(name) for name in _WEBM_HOLDERS.split()),
    "AVI": frozenset({b"LIST"}),
    "HEIF": frozenset({b"meta", b"iprp", b"ipco"}),
}
# Bytes in such a block ahead of the blocks in it: place and size of a frame, the name of a list. A `meta` has four.
_AHEAD = {"WEBP": 16, "AVI": 4}


def _told(length: int, chance: random.Random | None, most: int) -> int:
    return length if chance is None else min(chance.choice((length + 1, length - 1, *BOUNDARIES)) % 2**32, most)


def _jpeg(part: Part, chance: random.Random | None) -> bytes:
    if not part.body or not part.kind:
        return part.kind + part.body
    return part.kind + struct.pack(">H", _told(min(len(part.body) + 2, 65535), chance, 65535)) + part.body


def _png(part: Part, chance: random.Random | None) -> bytes:
    sum_of = zlib.crc32(part.kind + part.body) ^ (chance.getrandbits(32) if chance and chance.random() < 0.5 else 0)
    return (
        struct.pack(">I", _told(len(part.body), chance, 2**32 - 1)) + part.kind + part.body + struct.pack(">I", sum_of)
    )


def _riff(part: Part, chance: random.Random | None) -> bytes:
    if not part.kind:
        return part.body
    told = struct.pack("<I", _told(len(part.body), chance, 2**32 - 1))
    return part.kind + told + part.body + bytes(len(part.body) % 2)


def _gif(part: Part, chance: random.Random | None) -> bytes:
    if part.kind[:1] not in {b"\x2c", b"\x21"}:
        return part.kind + part.body
    blocks = [part.body[at : at + 255] for at in range(0, len(part.body), 255)]
    wrong = chance.randrange(256) if chance else None
    return part.kind + b"".join(bytes([len(one) if wrong is None else wrong]) + one for one in blocks) + b"\0"


def _mp4(part: Part, chance: random.Random | None) -> bytes:
    if not part.kind:
        return part.body
    return struct.pack(">I", _told(len(part.body) + 8, chance, 2**32 - 1)) + part.kind + part.body


def _webm(part: Part, chance: random.Random | None) -> bytes:
    name = _name_length(part.kind)
    size = len(part.kind) - name
    if not name or not 0 < size <= 8:
        return part.kind + part.body
    size = max(size, -(-(len(part.body) + 1).bit_length() // 7))
    told = _told(len(part.body), chance, (1 << 7 * size) - 1)
    return part.kind[:name] + (told | 1 << 7 * size).to_bytes(size) + part.body


_WRITE: dict[str, Callable[[Part, random.Random | None], bytes]] = {
    "JPEG": _jpeg,
    "PNG": _png,
    "WEBP": _riff,
    "GIF": _gif,
    "MP4": _mp4,
    "WEBM": _webm,
    "AVI": _riff,
    "TIFF": lambda part, _: part.kind + part.body,
    "HEIF": _mp4,
}


def _in_body(parts: Parts, chance: random.Random, change: Callable[[bytearray], bytes]) -> Parts | None:
    """Change the body of one block that has one; of a GIF's first block and of image heads the kind itself."""
    at = chance.randrange(len(parts))
    part = parts[at]
    if part.body:
        fresh = replace(part, body=bytes(change(bytearray(part.body))))
    elif len(part.kind) > 4:
        fresh = replace(part, kind=bytes(change(bytearray(part.kind))))
    else:
        return None
    return [*parts[:at], fresh, *parts[at + 1 :]]


def _flip(parts: Parts, chance: random.Random, _form: str) -> Parts | None:
    def change(body: bytearray) -> bytes:
        for _ in range(chance.choice((1, 2, 8, 32))):
            body[chance.randrange(len(body))] ^= 1 << chance.randrange(8)
        return body

    return _in_body(parts, chance, change)


def _number(parts: Parts, chance: random.Random, _form: str) -> Parts | None:
    """Overwrite a number, early in a block more often than late, with one at a boundary."""

    def change(body: bytearray) -> bytes:
        form = chance.choice(("B", ">H", "<H", ">I", "<I"))
        size = struct.calcsize(form)
        if len(body) >= size:
            at = min(chance.randrange(len(body)), chance.randrange(len(body)), len(body) - size)
            struct.pack_into(form, body, at, chance.choice(BOUNDARIES) % 2 ** (8 * size))
        return body

    return _in_body(parts, chance, change)


def _cut(parts: Parts, chance: random.Random, _form: str) -> Parts | None:
    return _in_body(parts, chance, lambda body: body[: chance.randrange(len(body))])


def _grow(parts: Parts, chance: random.Random, _form: str) -> Parts | None:
    return _in_body(parts, chance, lambda body: body + body[: chance.randrange(len(body)) + 1] * chance.choice((1, 50)))


def _noise(parts: Parts, chance: random.Random, _form: str) -> Parts | None:
    return _in_body(parts, chance, lambda body: chance.randbytes(len(body)))


def _drop(parts: Parts, chance: random.Random, _form: str) -> Parts | None:
    at = chance.randrange(len(parts))
    return parts[:at] + parts[at + 1 :] if len(parts) > 1 else None


def _repeat(parts: Parts, chance: random.Random, _form: str) -> Parts:
    at = chance.randrange(len(parts))
    return parts[:at] + [parts[at]] * chance.choice((2, 3, 40)) + parts[at + 1 :]


def _swap(parts: Parts, chance: random.Random, _form: str) -> Parts:
    parts = list(parts)
    one, other = chance.randrange(len(parts)), chance.randrange(len(parts))
    parts[one], parts[other] = parts[other], parts[one]
    return parts


def _borrow(parts: Parts, chance: random.Random, form: str) -> Parts:
    """Take a block of another seed of the same format in."""
    foreign = chance.choice(apart(form, chance.choice(seeds()[form])))
    at = chance.randrange(len(parts) + 1)
    return [*parts[:at], foreign, *parts[at:]]


def _rename(parts: Parts, chance: random.Random, _form: str) -> Parts:
    at, other = chance.randrange(len(parts)), chance.randrange(len(parts))
    return [*parts[:at], replace(parts[at], kind=parts[other].kind), *parts[at + 1 :]]


DAMAGES: tuple[Callable[[Parts, random.Random, str], Parts | None], ...] = (
    _flip,
    _flip,
    _number,
    _number,
    _number,
    _cut,
    _grow,
    _noise,
    _drop,
    _repeat,
    _swap,
    _borrow,
    _rename,
)
