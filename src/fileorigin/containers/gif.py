"""Walk the blocks of a GIF (GIF89a)."""

from __future__ import annotations

from fileorigin.containers.parts import MAX_PARTS, MAX_TEXT, Parts, place

SIGNATURES = (b"GIF87a", b"GIF89a")


def walk(data: bytes) -> Parts:
    """Comments, XMP and the places of C2PA manifests of a GIF."""
    parts = Parts("gif")
    walker = _Walker(data, parts)
    while walker.step():
        pass
    return parts


class _Walker:
    """A place in the file, and how many blocks may still be walked."""

    def __init__(self, data: bytes, parts: Parts) -> None:
        self.data = data
        self.parts = parts
        self.left = MAX_PARTS
        flags = data[10] if len(data) > 10 else 0
        self.at = 13 + _table_size(flags)

    def step(self) -> bool:
        """Walk one block; False at the end of the file."""
        kind = self.data[self.at : self.at + 1]
        if kind == b";":
            self.parts.trailing = len(self.data) - self.at - 1
            return False
        if kind == b"!":
            return self._extension()
        if kind == b",":
            return self._picture()
        self.parts.problems.add("truncated_file" if kind == b"" else "bad_structure")
        return False

    def _picture(self) -> bool:
        flags = self.data[self.at + 9 : self.at + 10]
        self.at += 11 + (_table_size(flags[0]) if flags else 0)
        return self._skip() is not None

    def _extension(self) -> bool:
        label = self.data[self.at + 1 : self.at + 2]
        self.at += 2
        start = self.at
        body = self._skip()
        if body is None:
            return False
        if label == b"\xfe":
            self.parts.add_text(b"comment", self._joined(start), place("comment", start - 2), encoding="utf-8")
        elif label == b"\xff":
            self._application(start)
        return True

    def _application(self, start: int) -> None:
        name = self.data[start + 1 : start + 12]
        if name == b"XMP DataXMP":
            # XMP stands bare, followed by a 258-byte run that leads any reader of sub-blocks to the end.
            packet = self.data[start + 12 : max(start + 12, self.at - 258)]
            self.parts.add_xmp(packet, place("application", start - 2))
        elif name.startswith(b"C2PA_GIF"):
            self.parts.add_manifest(place("application", start - 2))

    def _skip(self) -> int | None:
        """Pass over sub-blocks to the one of length 0; None when the file ends first."""
        while self.left > 0:
            self.left -= 1
            if self.at >= len(self.data):
                self.parts.problems.add("truncated_file")
                return None
            size = self.data[self.at]
            self.at += 1 + size
            if size == 0:
                return self.at
        self.parts.problems.add("too_many_parts")
        return None

    def _joined(self, start: int) -> bytes:
        out = bytearray()
        while (size := self.data[start]) and len(out) <= MAX_TEXT:
            out += self.data[start + 1 : start + 1 + size]
            start += 1 + size
        return bytes(out)


def _table_size(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0
