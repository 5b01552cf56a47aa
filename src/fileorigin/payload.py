"""Text hidden in the lowest bits of the pixels, as one generator and add-ons of others write it.

The bits run down the columns, from the left: fifteen letters that name the container, 32 bits of length (in bits,
big-endian), and gzip or plain UTF-8. One kind uses the alpha channel, the other red, green and blue in turn.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fileorigin.containers.parts import MAX_TEXT
from fileorigin.pixels import Pixels, Undecodable

_MAGIC_BITS = 15 * 8
_KINDS = {
    b"stealth_pngcomp": ("alpha", True),
    b"stealth_pnginfo": ("alpha", False),
    b"stealth_rgbcomp": ("colour", True),
    b"stealth_rgbinfo": ("colour", False),
}


@dataclass(frozen=True)
class Payload:
    """What was found: the channel, the raw text, the texts in it as (key, value); or why nothing could be read."""

    channel: str | None = None
    raw: str = ""
    texts: tuple[tuple[str, str], ...] = ()
    problem: str | None = None


def read(pixels: Pixels) -> Payload:
    """The payload of these pixels; never raises."""
    stored = pixels.stored
    if isinstance(stored, Undecodable):
        return Payload(problem=stored.reason)
    for channel in ("alpha", "colour"):
        if channel == "alpha" and stored.shape[2] < 4:
            continue
        head = _bytes(stored, channel, 0, _MAGIC_BITS + 32)
        kind = _KINDS.get(head[:15])
        if kind is not None and kind[0] == channel:
            return _opened(stored, channel, int.from_bytes(head[15:19], "big"), packed=kind[1])
    return Payload()


def _opened(stored: NDArray[np.uint8], channel: str, bits: int, *, packed: bool) -> Payload:
    per_pixel = 1 if channel == "alpha" else 3
    if bits % 8 or not 0 < bits <= min(8 * MAX_TEXT, stored.shape[0] * stored.shape[1] * per_pixel):
        return Payload(channel, problem="bad_structure")
    body = _bytes(stored, channel, _MAGIC_BITS + 32, bits)
    if packed:
        inflater = zlib.decompressobj(16 + zlib.MAX_WBITS)
        try:
            body = inflater.decompress(body, MAX_TEXT)
        except zlib.error:
            return Payload(channel, problem="bad_compression")
        if not inflater.eof:
            return Payload(channel, _text(body), _texts(_text(body)), problem="text_truncated")
    return Payload(channel, _text(body), _texts(_text(body)))


def _bytes(stored: NDArray[np.uint8], channel: str, first: int, count: int) -> bytes:
    """`count` of the lowest bits from the `first`, packed into bytes; only the columns that hold them are touched."""
    per_pixel = 1 if channel == "alpha" else 3
    per_column = stored.shape[0] * per_pixel
    left, right = first // per_column, -(-(first + count) // per_column)
    columns = stored[:, left:right, 3:4] if channel == "alpha" else stored[:, left:right, :3]
    bits = (columns.transpose(1, 0, 2) & 1).reshape(-1)
    start = first - left * per_column
    return np.packbits(bits[start : start + count]).tobytes()


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")


def _texts(raw: str) -> tuple[tuple[str, str], ...]:
    """Either an object whose members stand for the text chunks of a PNG, or one such text."""
    try:
        parsed = json.loads(raw)
    except (ValueError, RecursionError):
        parsed = None
    if not isinstance(parsed, dict):
        return (("parameters", raw),)
    named = [(str(k)[:200], v if isinstance(v, str) else json.dumps(v)) for k, v in list(parsed.items())[:64]]
    # Without such members it is one text whose keys are a generator's own.
    return tuple(named) if "Comment" in parsed else (*named, ("Comment", raw))
