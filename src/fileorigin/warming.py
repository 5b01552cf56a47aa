"""Load everything that an examination can need, for a process that will lose its file system."""

from __future__ import annotations

import zlib

from fileorigin.examination import examine


def warm() -> None:
    """Import and touch all that `examine` may load lazily: codecs, the XML parser, the native C2PA reader.

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
    jpeg = b"\xff\xd8\xff\xe1" + _segment(b"http://ns.adobe.com/xap/1.0/\0<broken") + b"\xff\xd9"
    return png, jpeg, b"GIF89a\1\0\1\0\0\0\0;", b"RIFF\4\0\0\0WEBP", b""


def _chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


def _segment(body: bytes) -> bytes:
    return (len(body) + 2).to_bytes(2, "big") + body
