"""Load everything that an examination can need, for a process that will lose its file system."""

from __future__ import annotations

import io
import zlib

import numpy as np
from PIL import Image

from fileorigin.examination import examine


def warm() -> None:
    """Import and touch all that `examine` may load lazily: codecs, the XML parser, decoders, the native C2PA reader.

    Call it in the parent before fork() or before the sandbox closes. It makes no threads and no files.
    """
    for codec in ("utf-8", "latin-1", "ascii", "utf-16-le", "utf-16-be"):
        "warm".encode(codec).decode(codec, "replace")
    for sample in _samples():
        examine(sample)


def _samples() -> tuple[bytes, ...]:
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a DigitalSourceType="composite"/></x:xmpmeta>'
    png = b"\x89PNG\r\n\x1a\n" + b"".join((
        _chunk(b"zTXt", b"parameters\0\0" + zlib.compress(b"Steps: 1")),
        _chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp),
        _chunk(b"iTXt", b"AIGC\0\0\0\0\0" + b'{"Label": "1"}'),
        _chunk(b"caBX", b"\0\0\0\x08jumb"),
        _chunk(b"IEND", b""),
    ))  # fmt: skip
    broken = b"\xff\xd8\xff\xe1" + _segment(b"http://ns.adobe.com/xap/1.0/\0<broken") + b"\xff\xd9"
    headers = (broken, b"GIF89a\1\0\1\0\0\0\0;", b"RIFF\4\0\0\0WEBP", b"II*\0\x08\0\0\0", b"\0\0\0\x0cftypavif", b"")
    return png, *headers, *_pictures()


def _pictures() -> tuple[bytes, ...]:
    """Pictures for the decoders: with alpha, large enough for a watermark, and a JPEG with a thumbnail."""
    gradient = np.arange(256, dtype=np.uint8)[:, None] ^ np.arange(256, dtype=np.uint8)
    clear = Image.fromarray(np.dstack([gradient] * 4))
    plain = clear.convert("RGB")
    thumbnail = _encoded(plain.resize((32, 32)), "JPEG")
    return (
        _encoded(clear, "PNG"),
        _encoded(clear.convert("LA"), "PNG"),
        _signed(clear),
        _encoded(clear, "WEBP", lossless=True),
        _encoded(plain, "JPEG", subsampling=0),
        _encoded(plain, "JPEG", exif=_exif_with(thumbnail)),
    )


def _signed(picture: Image.Image) -> bytes:
    """A PNG with settings that claim a signature, for the library that would verify it."""
    encoded = _encoded(picture, "PNG")
    settings = b'Comment\0{"request_type": "x", "signed_hash": "' + b"A" * 86 + b'=="}'
    return encoded[:33] + _chunk(b"tEXt", settings) + encoded[33:]


def _exif_with(thumbnail: bytes) -> bytes:
    """The smallest EXIF block that carries a thumbnail: an empty directory, and one that points at it."""
    head = b"II*\0\x08\0\0\0" + b"\0\0\x0e\0\0\0"
    entries = b"\x02\0" + b"\x01\x02\x04\0\1\0\0\0" + (44).to_bytes(4, "little")
    entries += b"\x02\x02\x04\0\1\0\0\0" + len(thumbnail).to_bytes(4, "little") + b"\0\0\0\0"
    return b"Exif\0\0" + head + entries + thumbnail


def _encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    sink = io.BytesIO()
    picture.save(sink, kind, **options)
    return sink.getvalue()


def _chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


def _segment(body: bytes) -> bytes:
    return (len(body) + 2).to_bytes(2, "big") + body
