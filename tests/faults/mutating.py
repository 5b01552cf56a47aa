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
        parts = chance.choice(DAMAGES)(parts, chance, form) or parts
    data = together(form, parts, chance)
    if chance.random() < 0.1:
        data = data[: chance.randrange(len(data) + 1)]
    return form, data + (chance.randbytes(40) if chance.random() < 0.05 else b"")


def apart(form: str, data: bytes) -> Parts:
    """Take a sound file apart; ``together`` without chance gives the same bytes."""
    return _APART[form](data)


def together(form: str, parts: Parts, chance: random.Random | None = None) -> bytes:
    """Put blocks together with lengths and checksums that fit; with ``chance`` one block in twenty is told wrong."""
    lies = [bool(chance) and chance.random() < 0.05 for _ in parts]
    pieces = [_WRITE[form](part, chance if lie else None) for part, lie in zip(parts, lies, strict=True)]
    body = b"".join(pieces)
    riff = b"RIFF" + struct.pack("<I", len(body) + 4)
    return {"PNG": PNG, "WEBP": riff + b"WEBP", "AVI": riff + b"AVI "}.get(form, b"") + body


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


def _webp_apart(data: bytes) -> Parts:
    parts, at = [], 12
    while at < len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        parts.append(Part(kind, data[at + 8 : at + 8 + length]))
        at += 8 + length + length % 2
    return parts


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


def _mp4_apart(data: bytes) -> Parts:
    """Return the outer boxes; those inside are bytes to be damaged."""
    parts, at = [], 0
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        parts.append(Part(kind, data[at + 8 : at + length]))
        at += length
    return parts


def _webm_apart(data: bytes) -> Parts:
    """Return the header, the beginning of the segment, and the segment's elements, each with its own head."""
    parts, at = [], 0
    while at < len(data):
        name = 9 - data[at].bit_length()
        size = 9 - data[at + name].bit_length()
        told = int.from_bytes(data[at + name : at + name + size]) & ((1 << 7 * size) - 1)
        inside = data[at : at + name] == b"\x18\x53\x80\x67"
        end = at + name + size + (0 if inside else told)
        parts.append(Part(b"", data[at:end]))
        at = end
    return parts


_APART: dict[str, Callable[[bytes], Parts]] = {
    "JPEG": _jpeg_apart,
    "PNG": _png_apart,
    "WEBP": _webp_apart,
    "GIF": _gif_apart,
    "MP4": _mp4_apart,
    "WEBM": _webm_apart,
    "AVI": _webp_apart,
}


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


def _webp(part: Part, chance: random.Random | None) -> bytes:
    told = struct.pack("<I", _told(len(part.body), chance, 2**32 - 1))
    return part.kind + told + part.body + bytes(len(part.body) % 2)


def _gif(part: Part, chance: random.Random | None) -> bytes:
    if part.kind[:1] not in {b"\x2c", b"\x21"}:
        return part.kind + part.body
    blocks = [part.body[at : at + 255] for at in range(0, len(part.body), 255)]
    wrong = chance.randrange(256) if chance else None
    return part.kind + b"".join(bytes([len(one) if wrong is None else wrong]) + one for one in blocks) + b"\0"


def _mp4(part: Part, chance: random.Random | None) -> bytes:
    return struct.pack(">I", _told(len(part.body) + 8, chance, 2**32 - 1)) + part.kind + part.body


def _as_it_is(part: Part, _chance: random.Random | None) -> bytes:
    return part.kind + part.body


_WRITE: dict[str, Callable[[Part, random.Random | None], bytes]] = {
    "JPEG": _jpeg,
    "PNG": _png,
    "WEBP": _webp,
    "GIF": _gif,
    "MP4": _mp4,
    "WEBM": _as_it_is,
    "AVI": _webp,
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
