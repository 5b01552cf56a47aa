"""Walk the chunks of a PNG (RFC 2083, W3C PNG third edition)."""

from __future__ import annotations

from fileorigin.parts import MAX_PARTS, Parts

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def walk(data: bytes) -> Parts:
    """Texts, EXIF, XMP and the presence of a C2PA manifest of a PNG; never inflates pixels."""
    parts = Parts("png")
    at = len(SIGNATURE)
    for _ in range(MAX_PARTS):
        if at + 12 > len(data):
            parts.problems.add("truncated_file")
            return parts
        size = int.from_bytes(data[at : at + 4], "big")
        kind = data[at + 4 : at + 8]
        if size > len(data) - at - 12:
            parts.problems.add("bad_length")
            return parts
        _take(parts, kind, data, at + 8, size)
        at += 12 + size
        if kind == b"IEND":
            parts.trailing = len(data) - at
            return parts
    parts.problems.add("too_many_parts")
    return parts


def _take(parts: Parts, kind: bytes, data: bytes, start: int, size: int) -> None:
    reader = _READERS.get(kind)
    if reader is not None:
        reader(parts, data[start : start + size])


def _manifest(parts: Parts, _body: bytes) -> None:
    parts.has_manifest = True


def _plain_text(parts: Parts, body: bytes) -> None:
    key, _, value = body.partition(b"\0")
    # The standard says Latin-1, but generators write UTF-8 here.
    parts.add_text(key, value, encoding=_encoding(value))


def _packed_text(parts: Parts, body: bytes) -> None:
    key, _, rest = body.partition(b"\0")
    value, cut = parts.inflate(rest[1:])
    parts.add_text(key, value, encoding=_encoding(value), cut=cut)


def _international_text(parts: Parts, body: bytes) -> None:
    key, _, rest = body.partition(b"\0")
    packed = rest[:1] == b"\1"
    fields = rest[2:].split(b"\0", 2)
    if len(fields) < 3:
        parts.problems.add("bad_structure")
        return
    value, cut = parts.inflate(fields[2]) if packed else (fields[2], False)
    if key == b"XML:com.adobe.xmp":
        parts.add_xmp(value)
    else:
        parts.add_text(key, value, encoding="utf-8", cut=cut)


def _encoding(value: bytes) -> str:
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


_READERS = {
    b"tEXt": _plain_text,
    b"zTXt": _packed_text,
    b"iTXt": _international_text,
    b"eXIf": Parts.add_exif,
    b"caBX": _manifest,
}
