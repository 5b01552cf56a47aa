"""Files that cannot be read, and bombs: small files that would unfold to something enormous."""

import io
import struct
import zlib
from collections.abc import Callable
from functools import cache

import numpy as np
from PIL import Image

from openhotline.practice.collection.scenes import paint

_PNG = b"\x89PNG\r\n\x1a\n"
_MEGAPIXEL_SIDE = 20_000
_FRAMES = 100_000
_TEXT_BYTES = 64 << 20


def broken_bytes(kind: str, number: int) -> bytes:
    """The bytes of an unreadable file; `number` makes two files of one kind differ (but not empty ones)."""
    return _KINDS[kind](number)


def _empty(_number: int) -> bytes:
    return b""


def _truncated_jpeg(number: int) -> bytes:
    """A JPEG that ends in the middle of its pixels."""
    picture = io.BytesIO()
    paint(np.random.default_rng(number), 640, 480).coloured().save(picture, "JPEG", quality=85)
    data = picture.getvalue()
    return data[: len(data) * 2 // 5]


def _text_as_jpeg(number: int) -> bytes:
    return f"PRACTICE. This is text under the name of a picture, file {number}.\n".encode() * 20


def _bytes_as_png(number: int) -> bytes:
    """Bytes of no format at all."""
    return b"PRACTICE" + np.random.default_rng(number).bytes(20_000)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _png_text(number: int) -> bytes:
    return _chunk(b"tEXt", f"Comment\0PRACTICE {number}".encode())


@cache
def _zeros_deflated(length: int) -> bytes:
    squeeze = zlib.compressobj(9)
    block = bytes(1 << 20)
    parts = [squeeze.compress(block) for _ in range(length >> 20)]
    return b"".join([*parts, squeeze.compress(bytes(length % (1 << 20))), squeeze.flush()])


def _png_400_megapixels(number: int) -> bytes:
    """20,000 x 20,000 black and white pixels in some 50 kilobytes."""
    side = _MEGAPIXEL_SIDE
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
    rows = _zeros_deflated(side * (side // 8 + 1))
    return _PNG + header + _png_text(number) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def _png_inflating_text(number: int) -> bytes:
    """A small picture with a text chunk that inflates to 64 MiB."""
    picture = io.BytesIO()
    Image.new("L", (64, 64), number % 256).save(picture, "PNG")
    header, rest = picture.getvalue()[:33], picture.getvalue()[33:]
    bomb = _chunk(b"zTXt", b"Comment\0\0" + _zeros_deflated(_TEXT_BYTES))
    return header + _png_text(number) + bomb + rest


def _gif_100000_frames(number: int) -> bytes:
    """One pixel a frame, a hundred thousand frames."""
    screen = struct.pack("<HHBBB", 320, 240, 0x80, 0, 0) + bytes([40, 40, 40, 220, 220, 220])
    comment = f"PRACTICE {number}".encode()
    note = b"\x21\xfe" + bytes([len(comment)]) + comment + b"\0"
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    return b"GIF89a" + screen + note + frame * _FRAMES + b"\x3b"


_KINDS: dict[str, Callable[[int], bytes]] = {
    "empty": _empty,
    "truncated_jpeg": _truncated_jpeg,
    "text_as_jpeg": _text_as_jpeg,
    "bytes_as_png": _bytes_as_png,
    "png_400_megapixels": _png_400_megapixels,
    "png_inflating_text": _png_inflating_text,
    "gif_100000_frames": _gif_100000_frames,
}
