"""One file, read: the container's parts with its metadata blocks parsed, its pixels when asked for, and the seal."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from fileorigin import payload
from fileorigin.blocks import exif, iptc, xmp
from fileorigin.containers.parts import Parts
from fileorigin.containers.walking import WALKED
from fileorigin.evidence import Finding, Status, Value
from fileorigin.payload import Payload
from fileorigin.pixels import MAX_PIXELS, Pixels
from fileorigin.sealing import Seal
from fileorigin.vocabulary import REASONS, TEXT_KEYS, Place

MAX_LOCATIONS = 32

_EXIF_PLACES: dict[str, Place] = {
    "comment": "comment",
    "xp_comment": "comment",
    "software": "software",
    "description": "description",
    "make": "make",
    "model": "model",
}
_TEXT_PLACES: dict[str, Place] = {
    "Software": "software",
    "Description": "description",
    "comment": "comment",
}
_XMP_PLACES: dict[str, Place] = {
    "UserComment": "comment",
    "CreatorTool": "software",
    "Software": "software",
    "description": "description",
    "ImageDescription": "description",
}
_IPTC_PLACES: dict[str, Place] = {"OriginatingProgram": "software", "Caption": "description"}


@dataclass
class Written:
    """A piece of text in the file: its kind of place, its key (texts only), what it says, and where it stands."""

    place: Place
    key: str | None
    value: str
    at: str = ""


@dataclass
class Reading:
    """What the checks look at."""

    data: bytes
    parts: Parts
    seal: Seal
    most_pixels: int = MAX_PIXELS

    @cached_property
    def exif(self) -> tuple[exif.Exif, ...]:
        """Every EXIF block; damage is noted as a problem."""
        blocks = tuple(exif.read(b.body) for b in self.parts.exif)
        if any(b.damaged for b in blocks):
            self.parts.problems.add("bad_exif")
        return blocks

    @cached_property
    def xmp(self) -> tuple[xmp.Xmp, ...]:
        """Every XMP packet; what could not be read is noted as a problem."""
        packets = tuple(xmp.read(p.body) for p in self.parts.xmp)
        self.parts.problems.update(p.problem for p in packets if p.problem)
        return packets

    @cached_property
    def iptc(self) -> tuple[iptc.Iptc, ...]:
        """Every block of IPTC-IIM; damage is noted as a problem."""
        blocks = tuple(iptc.read(b.body) for b in self.parts.iptc)
        if any(b.damaged for b in blocks):
            self.parts.problems.add("bad_iptc")
        return blocks

    @cached_property
    def pixels(self) -> Pixels:
        """The file's pixels, decoded at the first look, or why not."""
        return Pixels(self.data, self.parts, self.most_pixels)

    @cached_property
    def payload(self) -> Payload:
        """What the lowest bits of the pixels hold."""
        found = payload.read(self.pixels)
        if found.problem is not None and found.problem not in REASONS:
            self.parts.problems.add(found.problem)
        return found

    @cached_property
    def written(self) -> tuple[Written, ...]:
        """Every text that a generator might have written."""
        return (*self._texts(), *self._exif_texts(), *self._packet_texts(), *self._payload_texts())

    def properties(self, name: str) -> tuple[str, ...]:
        """The values of one XMP property or IPTC dataset over all blocks."""
        by_xmp = (v for packet in self.xmp for v in packet.of(name))
        return (*by_xmp, *(v for block in self.iptc for v in block.of(name)))

    def problems(self) -> frozenset[str]:
        """Everything that could not be read, of the container and of its blocks."""
        self.exif, self.xmp, self.iptc  # noqa: B018 - reading them may add problems
        return frozenset(self.parts.problems)

    def nothing(self, check: str) -> Finding:
        """The finding of a check that saw no mark: absent only if everything could be read."""
        if self.parts.format not in WALKED:
            return Finding(check, Status.UNSUPPORTED)
        if problems := self.problems():
            return Finding(check, Status.ERROR, values={"problems": tuple(sorted(problems))})
        return Finding(check, Status.ABSENT)

    def _texts(self) -> Iterator[Written]:
        for text in self.parts.texts:
            yield from _placed(text.key, text.value, text.at)

    def _exif_texts(self) -> Iterator[Written]:
        for block, raw in zip(self.exif, self.parts.exif, strict=True):
            for name, value in block.texts.items():
                if name in _EXIF_PLACES:
                    yield Written(_EXIF_PLACES[name], None, value, raw.at)

    def _packet_texts(self) -> Iterator[Written]:
        for packet, raw in zip(self.xmp, self.parts.xmp, strict=True):
            for name, value in packet.properties:
                if name in _XMP_PLACES:
                    yield Written(_XMP_PLACES[name], None, value, raw.at)
                elif name == "parameters":
                    yield Written("text", name, value, raw.at)
        for block, raw in zip(self.iptc, self.parts.iptc, strict=True):
            for name, value in block.datasets:
                if name in _IPTC_PLACES:
                    yield Written(_IPTC_PLACES[name], None, value, raw.at)

    def _payload_texts(self) -> Iterator[Written]:
        for key, value in self.payload.texts:
            yield from _placed(key, value, "pixels@0x0")


def _placed(key: str, value: str, at: str) -> Iterator[Written]:
    yield Written("text", key, value, at)
    if key in _TEXT_PLACES:
        yield Written(_TEXT_PLACES[key], None, value, at)


def digest(text: str | bytes) -> str:
    """SHA-256 in hex."""
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return hashlib.sha256(raw).hexdigest()


def locations(places: Iterator[str] | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """Where things stand, each once, at most `MAX_LOCATIONS`."""
    return tuple(dict.fromkeys(p for p in places if p))[:MAX_LOCATIONS]


def container(reading: Reading) -> Finding:
    """Whether the file could be walked to its end, and how much stands outside the picture."""
    parts = reading.parts
    references = _seal_all(reading)
    if reading.seal.full:
        parts.problems.add("seal_full")
    problems = reading.problems()
    status = Status.PRESENT if parts.format in WALKED else Status.UNSUPPORTED
    return Finding(
        "container",
        Status.ERROR if problems else status,
        values=_amounts(parts) | {"problems": tuple(sorted(problems))},
        sealed_refs=references,
    )


def _seal_all(reading: Reading) -> tuple[str, ...]:
    """Every text and block goes into the seal once, whether a check knows it or not."""
    parts, seal = reading.parts, reading.seal
    refs = [seal.put("text", f"{t.key}\0{t.value}") for t in parts.texts]
    for raw, read in zip(parts.exif, reading.exif, strict=True):
        body = "\n".join(f"{k}: {v}" for k, v in read.texts.items()).encode("utf-8", "replace")
        refs.append(seal.put("exif", body if raw.whole else raw.body))
    refs += [seal.put("xmp", packet.body) for packet in parts.xmp]
    refs += [seal.put("iptc", block.body) for block in parts.iptc]
    return tuple(refs)


def _amounts(parts: Parts) -> dict[str, Value]:
    keys = {t.key for t in parts.texts}
    known = tuple(sorted(k for k in keys if k in TEXT_KEYS))
    return {
        "format": parts.format,
        "texts": len(parts.texts),
        "text_keys": known,
        "unlisted_keys": len(keys) - len(known),
        "exif_blocks": len(parts.exif),
        "xmp_packets": len(parts.xmp),
        "iptc_blocks": len(parts.iptc),
        "trailing_bytes": parts.trailing,
    }
