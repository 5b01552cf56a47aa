"""Walk the chunks of a PNG (RFC 2083, W3C PNG third edition)."""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable, Iterator

from fileorigin.containers.parts import MAX_PARTS, Parts, place

SIGNATURE = b"\x89PNG\r\n\x1a\n"

_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_PICTURE = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_PROFILE = re.compile(rb"\s*(\w{1,32})\s+(\d{1,9})\s+([0-9a-fA-F\s]*)\Z")


def walk(data: bytes) -> Parts:
    """Texts, EXIF, XMP, IPTC and the places of C2PA manifests of a PNG; never inflates pixels."""
    parts = Parts("png")
    end = len(SIGNATURE)
    for kind, start, size in _chunks(data, parts.problems):
        end = start + size + 4
        reader = _READERS.get(kind)
        if reader is not None:
            reader(parts, data[start : start + size], place(kind.decode("ascii"), start - 8))
    parts.trailing = len(data) - end if not parts.problems else 0
    return parts


def bare(data: bytes) -> bytes:
    """The same PNG with nothing but its picture: what decodes it then meets no text at all. Itself if it is that."""
    problems = set[str]()
    if all(kind in _PICTURE for kind, _, _ in _chunks(data, problems)) and not problems:
        return data
    kept = [SIGNATURE]
    kept += [data[start - 8 : start + size + 4] for kind, start, size in _chunks(data, set()) if kind in _PICTURE]
    return b"".join(kept)


def _chunks(data: bytes, problems: set[str]) -> Iterator[tuple[bytes, int, int]]:
    """(kind, where its body starts, size) up to IEND; what prevents that is added to `problems`."""
    at = len(SIGNATURE)
    for _ in range(MAX_PARTS):
        if at + 12 > len(data):
            problems.add("truncated_file")
            return
        size = int.from_bytes(data[at : at + 4], "big")
        kind = data[at + 4 : at + 8]
        if size > len(data) - at - 12:
            problems.add("bad_length")
            return
        yield kind, at + 8, size
        if kind == b"IEND":
            return
        at += 12 + size
    problems.add("too_many_parts")


def _manifest(parts: Parts, _body: bytes, at: str) -> None:
    parts.add_manifest(at)


def _plain_text(parts: Parts, body: bytes, at: str) -> None:
    key, _, value = body.partition(b"\0")
    _keep(parts, key, value, at, cut=False)


def _packed_text(parts: Parts, body: bytes, at: str) -> None:
    key, _, rest = body.partition(b"\0")
    value, cut = parts.inflate(rest[1:])
    _keep(parts, key, value, at, cut=cut)


def _international_text(parts: Parts, body: bytes, at: str) -> None:
    key, _, rest = body.partition(b"\0")
    packed = rest[:1] == b"\1"
    fields = rest[2:].split(b"\0", 2)
    if len(fields) < 3:
        parts.problems.add("bad_structure")
        return
    value, cut = parts.inflate(fields[2]) if packed else (fields[2], False)
    if key == b"XML:com.adobe.xmp":
        parts.add_xmp(value, at)
    else:
        _keep(parts, key, value, at, cut=cut)


def _keep(parts: Parts, key: bytes, value: bytes, at: str, *, cut: bool) -> None:
    # The standard says Latin-1 for two of the three kinds, but generators write UTF-8 there too.
    parts.add_text(key, value, at, encoding=_encoding(value), cut=cut)
    if key.startswith(b"Raw profile type "):
        _profile(parts, value, at)


def _profile(parts: Parts, value: bytes, at: str) -> None:
    """A block of metadata in hexadecimal, as ImageMagick writes it into a text."""
    found = _PROFILE.match(value)
    try:
        body = binascii.unhexlify(b"".join(found[3].split())) if found else None
    except binascii.Error:
        body = None
    if body is None or found is None:
        parts.problems.add("bad_structure")
    elif body.startswith(_XMP):
        parts.add_xmp(body[len(_XMP) :], at)
    elif body.startswith(b"Exif\0\0") or found[1] == b"exif":
        parts.add_exif(body, at)
    elif found[1] == b"xmp":
        parts.add_xmp(body, at)
    elif found[1] in {b"iptc", b"8bim"}:
        parts.add_iptc(body, at)


def _encoding(value: bytes) -> str:
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


_READERS: dict[bytes, Callable[[Parts, bytes, str], None]] = {
    b"tEXt": _plain_text,
    b"zTXt": _packed_text,
    b"iTXt": _international_text,
    b"eXIf": Parts.add_exif,
    b"caBX": _manifest,
}
