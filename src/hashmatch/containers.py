"""What a file says about itself before anything is decoded: format, frames, inflating text, missing end.

Only headers and block lengths are read, in one walk whose cost is bounded by the limits given.
"""

import struct
import zlib
from dataclasses import dataclass
from typing import Literal

from hashmatch.errors import UnreadableImage

Format = Literal["JPEG", "PNG", "WEBP", "GIF", "TIFF"]

TEXT_LIMIT = 1 << 20  # bytes that one compressed PNG chunk may inflate to; Pillow's own limit as well
_INFLATING = {b"zTXt", b"iTXt", b"iCCP"}
_PNG = b"\x89PNG\r\n\x1a\n"
_TIFF = {b"II*\0": "<", b"MM\0*": ">"}
_COMPRESSION, _DIRECTORIES_BELOW, _SHORT = 259, 330, 3
_TIFF_PACKINGS = {1, 5, 7, 8, 32773, 32946}  # none, LZW, JPEG, deflate, PackBits, deflate again


@dataclass(frozen=True, slots=True)
class Container:
    """What a walk over the blocks told.

    `frames`: 1 for a still picture; `complete`: whether the file ends where it says it does; `pixels`: width times
    height of a WebP's canvas, which its decoder allocates at once, and 0 for the others, whose decoders wait.
    """

    format: Format
    frames: int
    complete: bool
    pixels: int = 0


def inspect(data: bytes, *, max_frames: int) -> Container:
    """Recognise a file by its first bytes and walk its blocks.

    Raises `UnreadableImage`: `unknown_format` (also for a TIFF that holds more than one picture, as the raw files of
    cameras do, or is packed in a rare way), `too_many_frames`, or `too_large` for text that inflates beyond 1 MiB.
    """
    if data.startswith(b"\xff\xd8\xff"):
        return Container("JPEG", 1, b"\xff\xd9" in data[-4096:])
    if data.startswith(_PNG):
        return _inspect_png(data, max_frames)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _inspect_webp(data, max_frames)
    if data[:6] in {b"GIF87a", b"GIF89a"}:
        return _inspect_gif(data, max_frames)
    if data[:4] in _TIFF:
        return _inspect_tiff(data, _TIFF[data[:4]])
    start = data[:8].hex(" ") or "nothing"
    raise UnreadableImage(
        "unknown_format",
        f"This is not a JPEG, PNG, WebP, GIF or TIFF file (it begins with {start}). Convert it, or treat it as "
        "a file that is no picture.",
    )


def _count(frames: int, max_frames: int) -> None:
    if frames > max_frames:
        raise UnreadableImage(
            "too_many_frames",
            f"The animation has more than {max_frames} frames, the limit for one picture. Treat it as a video.",
        )


def _inspect_png(data: bytes, max_frames: int) -> Container:
    position, frames = len(_PNG), 0
    while position + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        if kind == b"IEND":
            return Container("PNG", max(frames, 1), complete=True)
        if kind in _INFLATING:
            _refuse_inflating(kind, data[position + 8 : position + 8 + length])
        if kind == b"fcTL":
            frames += 1
            _count(frames, max_frames)
        position += length + 12
    return Container("PNG", max(frames, 1), complete=False)


def _refuse_inflating(kind: bytes, body: bytes) -> None:
    """Inflate a text or profile chunk up to the limit and refuse it if more is to come."""
    _, _, rest = body.partition(b"\0")
    if kind == b"iTXt":
        if rest[:1] != b"\x01":
            return
        _, _, rest = rest[2:].partition(b"\0")
        _, _, packed = rest.partition(b"\0")
    else:
        packed = rest[1:]
    inflate = zlib.decompressobj()
    try:
        inflate.decompress(packed, TEXT_LIMIT)
        more = inflate.decompress(inflate.unconsumed_tail, 1)
    except zlib.error:
        return  # a damaged text does not keep the pixels from being read
    if more:
        raise UnreadableImage(
            "too_large",
            f"A {kind.decode('ascii')} chunk of the PNG inflates to more than {TEXT_LIMIT} bytes, the "
            "limit. It was not read further.",
        )


def _inspect_webp(data: bytes, max_frames: int) -> Container:
    end = 8 + struct.unpack("<I", data[4:8])[0]
    position, frames = 12, 0
    while position + 8 <= min(end, len(data)):
        kind, length = struct.unpack_from("<4sI", data, position)
        if kind == b"ANMF":
            frames += 1
            _count(frames, max_frames)
        position += 8 + length + (length & 1)
    return Container("WEBP", max(frames, 1), end <= len(data), _webp_pixels(data))


def _webp_pixels(data: bytes) -> int:
    """Width times height as the first chunk states it; 0 if it does not."""
    kind, head = data[12:16], data[20:30].ljust(10, b"\0")
    if kind == b"VP8X":
        return (1 + int.from_bytes(head[4:7], "little")) * (1 + int.from_bytes(head[7:10], "little"))
    if kind == b"VP8L":
        packed = int.from_bytes(head[1:5], "little")
        return (1 + (packed & 0x3FFF)) * (1 + (packed >> 14 & 0x3FFF))
    if kind == b"VP8 ":
        return (int.from_bytes(head[6:8], "little") & 0x3FFF) * (int.from_bytes(head[8:10], "little") & 0x3FFF)
    return 0


def _table_size(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _inspect_gif(data: bytes, max_frames: int) -> Container:
    if len(data) < 13:
        return Container("GIF", 1, complete=False)
    position, frames = 13 + _table_size(data[10]), 0
    while position < len(data):
        block = data[position]
        if block == 0x2C and position + 10 <= len(data):
            frames += 1
            _count(frames, max_frames)
            position = _after_sub_blocks(data, position + 11 + _table_size(data[position + 9]))
        elif block == 0x21:
            position = _after_sub_blocks(data, position + 2)
        else:
            return Container("GIF", max(frames, 1), complete=block == 0x3B)
    return Container("GIF", max(frames, 1), complete=False)


def _inspect_tiff(data: bytes, order: str) -> Container:
    """Take a TIFF of one directory without others below it, packed by what is on the list.

    Whatever else a TIFF holds would be seen by nobody who looks at its first picture.
    """
    at = struct.unpack_from(order + "I", data.ljust(8, b"\0"), 4)[0]
    count = struct.unpack_from(order + "H", data, at)[0] if at + 2 <= len(data) else 0
    end = at + 2 + 12 * count
    if not count or end + 4 > len(data):
        return Container("TIFF", 1, complete=False)
    packing = 1
    below = struct.unpack_from(order + "I", data, end)[0]
    for entry in range(at + 2, end, 12):
        tag, kind = struct.unpack_from(order + "HH", data, entry)
        if tag == _COMPRESSION:
            packing = struct.unpack_from(order + ("H" if kind == _SHORT else "I"), data, entry + 8)[0]
        below = below or (tag == _DIRECTORIES_BELOW)
    if below or packing not in _TIFF_PACKINGS:
        why = "holds more than one picture" if below else f"is packed by method {packing}"
        raise UnreadableImage(
            "unknown_format", f"This TIFF file {why}, which is not decoded. Convert it, or look at it otherwise."
        )
    return Container("TIFF", 1, complete=True)


def _after_sub_blocks(data: bytes, position: int) -> int:
    while position < len(data) and data[position]:
        position += data[position] + 1
    return position + 1
