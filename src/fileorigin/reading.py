"""One file, read: the container's parts with its EXIF and XMP blocks parsed, and the seal."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from fileorigin import exif, xmp
from fileorigin.container import WALKED
from fileorigin.evidence import Finding, Status, Strength
from fileorigin.parts import Parts
from fileorigin.sealing import Seal
from fileorigin.vocabulary import TEXT_KEYS, Place


@dataclass
class Written:
    """A piece of text in the file: where it stands, under which key (texts only), and what it says."""

    place: Place
    key: str | None
    value: str


@dataclass
class Reading:
    """What the checks look at."""

    data: bytes
    parts: Parts
    seal: Seal

    @cached_property
    def exif(self) -> tuple[exif.Exif, ...]:
        """Every EXIF block; damage is noted as a problem."""
        blocks = tuple(exif.read(b) for b in self.parts.exif[:16])
        if any(b.damaged for b in blocks):
            self.parts.problems.add("bad_exif")
        return blocks

    @cached_property
    def xmp(self) -> tuple[xmp.Xmp, ...]:
        """Every XMP packet; what could not be read is noted as a problem."""
        packets = tuple(xmp.read(p) for p in self.parts.xmp[:16])
        self.parts.problems.update(p.problem for p in packets if p.problem)
        return packets

    @cached_property
    def written(self) -> tuple[Written, ...]:
        """Every text that a generator might have written."""
        return (*self._texts(), *self._exif_texts(), *self._xmp_texts())

    def properties(self, name: str) -> tuple[str, ...]:
        """The values of one XMP property over all packets."""
        return tuple(v for packet in self.xmp for v in packet.of(name))

    def nothing(self, check: str) -> Finding:
        """The finding of a check that saw no mark: absent only if everything could be read."""
        if self.parts.format not in WALKED:
            return Finding(check, Status.UNSUPPORTED)
        self.exif, self.xmp  # noqa: B018 - reading them may add problems
        if self.parts.problems:
            return Finding(check, Status.ERROR, values={"problems": tuple(sorted(self.parts.problems))})
        return Finding(check, Status.ABSENT)

    def _texts(self) -> Iterator[Written]:
        for text in self.parts.texts:
            yield Written("text", text.key, text.value)
            if text.key == "Software":
                yield Written("software", None, text.value)
            elif text.key in {"Description", "comment"}:
                yield Written("comment" if text.key == "comment" else "description", None, text.value)

    def _exif_texts(self) -> Iterator[Written]:
        places: dict[str, Place] = {
            "comment": "comment",
            "xp_comment": "comment",
            "software": "software",
            "description": "description",
            "make": "make",
            "model": "model",
        }
        for block in self.exif:
            for name, value in block.texts.items():
                if name in places:
                    yield Written(places[name], None, value)

    def _xmp_texts(self) -> Iterator[Written]:
        for value in self.properties("UserComment"):
            yield Written("comment", None, value)
        for value in self.properties("CreatorTool"):
            yield Written("software", None, value)


def digest(text: str | bytes) -> str:
    """SHA-256 in hex."""
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return hashlib.sha256(raw).hexdigest()


def container(reading: Reading) -> Finding:
    """Whether the file could be walked to its end, and how much stands outside the picture."""
    parts = reading.parts
    reading.exif, reading.xmp  # noqa: B018 - reading them may add problems
    keys = {t.key for t in parts.texts}
    known = tuple(sorted(k for k in keys if k in TEXT_KEYS))
    refs = [reading.seal.put("text", f"{t.key}\0{t.value}") for t in parts.texts]
    refs += [reading.seal.put("exif", block) for block in parts.exif]
    refs += [reading.seal.put("xmp", packet) for packet in parts.xmp]
    if reading.seal.full:
        parts.problems.add("seal_full")
    status = Status.PRESENT if parts.format in WALKED else Status.UNSUPPORTED
    return Finding(
        "container",
        Status.ERROR if parts.problems else status,
        Strength.NONE,
        values={
            "format": parts.format,
            "texts": len(parts.texts),
            "text_keys": known,
            "unlisted_keys": len(keys) - len(known),
            "exif_blocks": len(parts.exif),
            "xmp_packets": len(parts.xmp),
            "trailing_bytes": parts.trailing,
            "problems": tuple(sorted(parts.problems)),
        },
        sealed_refs=tuple(refs),
    )
