"""What the walkers take out of a container, and the limits they keep."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

MAX_PARTS = 200_000  # chunks, segments or blocks walked in one file
MAX_TEXTS = 256  # text blocks kept
MAX_TEXT = 1_000_000  # bytes of one text, inflated
MAX_METADATA = 16_000_000  # bytes of metadata kept of one file, inflated


@dataclass(frozen=True)
class Text:
    """A text block: its key (may be free text), its value, and whether it was cut at `MAX_TEXT`."""

    key: str
    value: str
    cut: bool = False


@dataclass
class Parts:
    """Metadata of one file, as far as the limits allowed; `problems` are words of `vocabulary.PROBLEMS`."""

    format: str
    texts: list[Text] = field(default_factory=list)
    exif: list[bytes] = field(default_factory=list)
    xmp: list[bytes] = field(default_factory=list)
    has_manifest: bool = False
    trailing: int = 0
    problems: set[str] = field(default_factory=set)
    _kept: int = 0

    def add_text(self, key: bytes, value: bytes, *, encoding: str = "latin-1", cut: bool = False) -> None:
        """Keep one text, cut at `MAX_TEXT`."""
        if len(self.texts) >= MAX_TEXTS:
            self.problems.add("too_many_parts")
        elif self._take(min(len(value), MAX_TEXT)):
            cut = cut or len(value) > MAX_TEXT
            text = value[:MAX_TEXT].decode(encoding, "replace")
            self.texts.append(Text(key[:200].decode("latin-1"), text, cut))
            if cut:
                self.problems.add("text_truncated")

    def add_exif(self, block: bytes) -> None:
        """Keep one TIFF-structured EXIF block, with or without its `Exif` prefix."""
        if self._take(len(block)):
            self.exif.append(block.removeprefix(b"Exif\0\0"))

    def add_xmp(self, packet: bytes) -> None:
        """Keep one XMP packet."""
        if self._take(len(packet)):
            self.xmp.append(packet)

    def inflate(self, deflated: bytes) -> tuple[bytes, bool]:
        """Inflate at most `MAX_TEXT` bytes; returns them and whether there was more."""
        inflater = zlib.decompressobj()
        try:
            out = inflater.decompress(deflated, MAX_TEXT)
        except zlib.error:
            self.problems.add("bad_compression")
            return b"", False
        cut = bool(inflater.unconsumed_tail) and len(out) >= MAX_TEXT
        if not cut and not inflater.eof:
            self.problems.add("bad_compression")
        return out, cut

    def _take(self, size: int) -> bool:
        self._kept += size
        if self._kept > MAX_METADATA:
            self.problems.add("metadata_too_large")
            return False
        return True
