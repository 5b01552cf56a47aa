"""The closed lists: everything that may leave the seal as text, and the marks that are looked for."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal

Place = Literal["text", "comment", "software", "description", "make", "model"]


@dataclass(frozen=True)
class SourceType:
    """What one IPTC digital source type says."""

    ai: bool = False
    altered: bool = False
    capture: bool = False


@dataclass(frozen=True)
class GeneratorMark:
    """One place where one family of generators writes."""

    family: str
    place: Place
    key: str | None
    pattern: re.Pattern[str] | None


@dataclass(frozen=True)
class InputMark:
    """A sign that another picture went in; `unless` explains it otherwise."""

    name: str
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None


@dataclass(frozen=True)
class Watermark:
    """A published pattern of bits that a pipeline writes into pixels; `least` of them must agree."""

    name: str
    bits: tuple[int, ...]
    least: int


@dataclass(frozen=True)
class Credit:
    """A credit line that is a statement of AI."""

    name: str
    altered: bool


def _pattern(text: str | None) -> re.Pattern[str] | None:
    return None if text is None else re.compile(text)


def _load() -> dict[str, Any]:
    return tomllib.loads((resources.files(__package__) / "marks.toml").read_text(encoding="utf-8"))


_RAW = _load()

SOURCE_TYPES: Mapping[str, SourceType] = {k: SourceType(**v) for k, v in _RAW["source_types"].items()}
GENERATORS: tuple[GeneratorMark, ...] = tuple(
    GeneratorMark(g["family"], g["place"], g.get("key"), _pattern(g.get("pattern"))) for g in _RAW["generator"]
)
INPUT_MARKS: tuple[InputMark, ...] = tuple(
    InputMark(m["name"], re.compile(m["pattern"]), _pattern(m.get("unless"))) for m in _RAW["input_mark"]
)
INPUT_KEYS: Mapping[str, str] = _RAW["input_keys"]
CREDITS: Mapping[str, Credit] = {k: Credit(**v) for k, v in _RAW["credits"].items()}
CAMERA_MAKES: frozenset[str] = frozenset(_RAW["cameras"]["makes"])
SAMPLERS: frozenset[str] = frozenset(_RAW["plain"]["samplers"])
MAKER_NOTES: Mapping[str, tuple[str, ...]] = {k: tuple(v) for k, v in _RAW["cameras"]["maker_notes"].items()}
WATERMARKS: tuple[Watermark, ...] = tuple(
    Watermark(w["name"], tuple(int(b) for b in w["bits"]), w["least"]) for w in _RAW["watermark"]
)
NOVELAI_KEY: str = _RAW["novelai"]["public_key"]
REQUESTS: frozenset[str] = frozenset(_RAW["novelai"]["requests"])
PLAIN_SETTINGS: frozenset[str] = frozenset(_RAW["novelai"]["plain"])
TEXT_KEYS: frozenset[str] = frozenset(_RAW["plain"]["text_keys"]) | {g.key for g in GENERATORS if g.key}
FAILURE_CODES: frozenset[str] = frozenset(_RAW["c2pa"]["failures"])

FORMATS = frozenset({
    "png", "jpeg", "webp", "gif", "tiff", "heif", "avif", "jxl", "bmff", "tiff_64", "bmp", "svg", "unknown",
})  # fmt: skip
PROBLEMS = frozenset({
    "truncated_file", "bad_length", "too_many_parts", "text_truncated", "bad_compression",
    "metadata_too_large", "bad_exif", "bad_xmp", "bad_iptc", "xmp_too_large", "bad_structure", "packed_metadata",
    "unreadable_manifest", "undecodable_pixels", "check_failed", "seal_full",
})  # fmt: skip
# Why a check does not apply to a file; see `pixels`.
REASONS = frozenset({
    "format_without_pixels", "chroma_subsampled", "too_many_pixels", "not_decoded", "other_pixels", "too_small",
    "no_pattern",
})  # fmt: skip
# Names of the places where things stand in a file; an offset follows.
PARTS = frozenset({
    "tEXt", "zTXt", "iTXt", "eXIf", "caBX", "APP0", "APP1", "APP11", "APP13", "COM", "EXIF", "XMP", "C2PA", "comment",
    "application", "IFD", "uuid", "item", "Exif", "xml", "jumb", "pixels",
})  # fmt: skip
SIGNALS = frozenset({
    "fullyGenAIMedia", "partlyGenAICreation", "compositionMayContainGenAI", "screenCaptureMayContainGenAI",
    "capturedMedia", "capturedMediaStitched", "blankCanvas", "nonGenAIDigitalCreation", "mediaUnknownProvenance",
    "perceptibleGenAI", "perceptiblePossiblyGenAI", "perceptibleNonGenAI", "nonEditorial", "ambiguousActions",
})  # fmt: skip
OUTCOMES = frozenset({
    "trusted", "trusted_interim", "valid_untrusted", "invalid", "remnant", "remote_reference", "signature_valid",
    "signature_invalid",
})  # fmt: skip
RELATIONSHIPS = frozenset({"parentOf", "componentOf", "inputTo"})
AI_PROPERTIES = frozenset({
    "AISystemUsed", "AISystemVersionUsed", "AIPromptInformation", "AIPromptWriterName",
})  # fmt: skip
AIGC_FIELDS = frozenset({
    "Label", "ContentProducer", "ProduceID", "ReservedCode1", "ContentPropagator", "PropagateID",
    "ReservedCode2",
})  # fmt: skip
# Spellings that writers use beside those of the standard.
AIGC_ALIASES: Mapping[str, str] = {
    "ReserveCode1": "ReservedCode1",
    "ReserveCode2": "ReservedCode2",
    "PropatorID": "PropagateID",
}

OPEN_WORDS: frozenset[str] = (
    frozenset(SOURCE_TYPES)
    | {g.family for g in GENERATORS}
    | {g.place for g in GENERATORS}
    | {m.name for m in INPUT_MARKS}
    | frozenset(INPUT_KEYS.values())
    | {c.name for c in CREDITS.values()}
    | CAMERA_MAKES
    | SAMPLERS
    | TEXT_KEYS
    | FAILURE_CODES
    | FORMATS
    | PROBLEMS
    | SIGNALS
    | OUTCOMES
    | RELATIONSHIPS
    | AI_PROPERTIES
    | AIGC_FIELDS
    | {w.name for w in WATERMARKS}
    | REQUESTS
    | REASONS
    | {"alpha", "colour", "standard", "own", "unlisted", "other"}
)

_SHA256 = re.compile(r"[0-9a-f]{64}")


_PLACE = re.compile(r"([A-Za-z0-9]{2,12})@0x[0-9a-f]{1,16}")


def is_place(text: str) -> bool:
    """Whether `text` is a place in a file: a part's name and an offset."""
    found = _PLACE.fullmatch(text)
    return found is not None and found[1] in PARTS


def is_open(text: str) -> bool:
    """Whether `text` may stand outside the seal: a word of the closed lists, or a SHA-256 in hex."""
    return text in OPEN_WORDS or _SHA256.fullmatch(text) is not None


def source_type(value: str) -> str:
    """The name of a digital source type out of an address, a QCode or a bare word; `unlisted` if unknown."""
    name = re.split(r"[/:#]", value.strip())[-1]
    return name if name in SOURCE_TYPES else "unlisted"
