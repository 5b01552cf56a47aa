"""What the walkers take out of a container, and the limits they keep."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

MAX_PARTS = 200_000  # chunks, segments or blocks walked in one file
MAX_TEXTS = 256  # text blocks kept
MAX_BLOCKS = 64  # blocks of each other kind kept
MAX_TEXT = 1_000_000  # bytes of one text, inflated
MAX_XMP = 3_000_000  # bytes of XMP kept of one file, inflated: parsing takes up to 0.6 s a megabyte
MAX_METADATA = 16_000_000  # bytes of metadata kept of one file, inflated
MAX_TABLE = 130  # bytes of one JPEG quantisation table, with its head


@dataclass(frozen=True)
class Text:
    """A text block: its key (may be free text), its value, whether it was cut at `MAX_TEXT`, and where it stands."""

    key: str
    value: str
    cut: bool = False
    at: str = ""


@dataclass(frozen=True)
class Block:
    """A block of metadata and where it stands; `whole` says that it is the file itself (TIFF)."""

    body: bytes
    at: str
    whole: bool = False


@dataclass
class Parts:
    """Metadata of one file, as far as the limits allowed; `problems` are words of `vocabulary.PROBLEMS`.

    A place is written `name@0xoffset`: the part's name (a word of `vocabulary.PARTS`) and where it begins.
    `manifests` are the places where C2PA manifests stand; their bytes are left where they are. `tables` are the
    quantisation tables of a JPEG as they stand in the file. `lossy` and `alpha` say of a WebP how it is coded.
    """

    format: str
    texts: list[Text] = field(default_factory=list)
    exif: list[Block] = field(default_factory=list)
    xmp: list[Block] = field(default_factory=list)
    iptc: list[Block] = field(default_factory=list)
    thumbnails: list[Block] = field(default_factory=list)
    manifests: list[str] = field(default_factory=list)
    tables: list[bytes] = field(default_factory=list)
    trailing: int = 0
    lossy: bool = False
    alpha: bool = False
    problems: set[str] = field(default_factory=set)
    _kept: int = 0

    @property
    def has_manifest(self) -> bool:
        """Whether a C2PA manifest, or what looks like one, was seen."""
        return bool(self.manifests)

    def add_text(self, key: bytes, value: bytes, at: str, *, encoding: str = "latin-1", cut: bool = False) -> None:
        """Keep one text, cut at `MAX_TEXT`."""
        if len(self.texts) >= MAX_TEXTS:
            self.problems.add("too_many_parts")
        elif self._take(min(len(value), MAX_TEXT)):
            cut = cut or len(value) > MAX_TEXT
            text = value[:MAX_TEXT].decode(encoding, "replace")
            self.texts.append(Text(key[:200].decode("latin-1"), text, cut, at))
            if cut:
                self.problems.add("text_truncated")

    def add_exif(self, block: bytes, at: str) -> None:
        """Keep one TIFF-structured EXIF block, with or without its `Exif` prefix."""
        self._add(self.exif, block.removeprefix(b"Exif\0\0"), at)

    def add_file_as_exif(self, data: bytes, at: str) -> None:
        """Note that the file itself is TIFF-structured; nothing is copied."""
        self.exif.append(Block(data, at, whole=True))

    def add_xmp(self, packet: bytes, at: str) -> None:
        """Keep one XMP packet, of at most `MAX_XMP` bytes in all."""
        if sum(len(kept.body) for kept in self.xmp) + len(packet) > MAX_XMP:
            self.problems.add("metadata_too_large")
        else:
            self._add(self.xmp, packet, at)

    def add_iptc(self, block: bytes, at: str) -> None:
        """Keep one block of IPTC-IIM datasets, bare or among Photoshop's resources."""
        self._add(self.iptc, block, at)

    def add_thumbnail(self, picture: bytes, at: str) -> None:
        """Keep one JPEG that stands for the picture outside its EXIF."""
        self._add(self.thumbnails, picture, at)

    def add_manifest(self, at: str) -> None:
        """Note that a C2PA manifest stands here."""
        if len(self.manifests) < MAX_BLOCKS:
            self.manifests.append(at)

    def add_table(self, segment: bytes) -> None:
        """Keep one quantisation segment of a JPEG."""
        if len(self.tables) < MAX_BLOCKS:
            self.tables.append(segment[: 4 * MAX_TABLE])

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

    def _add(self, to: list[Block], body: bytes, at: str) -> None:
        if len(to) >= MAX_BLOCKS:
            self.problems.add("too_many_parts")
        elif self._take(len(body)):
            to.append(Block(body, at))

    def _take(self, size: int) -> bool:
        self._kept += size
        if self._kept > MAX_METADATA:
            self.problems.add("metadata_too_large")
            return False
        return True


def place(name: str, offset: int) -> str:
    """Write where a part stands: `tEXt@0x29`."""
    return f"{name}@{offset:#x}"
