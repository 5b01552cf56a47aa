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
TEXT_KEYS: frozenset[str] = frozenset(_RAW["plain"]["text_keys"]) | {g.key for g in GENERATORS if g.key}
FAILURE_CODES: frozenset[str] = frozenset(_RAW["c2pa"]["failures"])

FORMATS = frozenset({"png", "jpeg", "webp", "gif", "bmff", "tiff", "jxl", "bmp", "svg", "unknown"})
PROBLEMS = frozenset({
    "truncated_file", "bad_length", "too_many_parts", "text_truncated", "bad_compression",
    "metadata_too_large", "bad_exif", "bad_xmp", "xmp_too_large", "bad_structure", "unreadable_manifest",
    "check_failed", "seal_full",
})  # fmt: skip
SIGNALS = frozenset({
    "fullyGenAIMedia", "partlyGenAICreation", "compositionMayContainGenAI", "screenCaptureMayContainGenAI",
    "capturedMedia", "mediaUnknownProvenance", "perceptibleGenAI", "perceptiblePossiblyGenAI",
    "ambiguousActions",
})  # fmt: skip
OUTCOMES = frozenset({"trusted", "valid_untrusted", "invalid", "remnant", "remote_reference"})
RELATIONSHIPS = frozenset({"parentOf", "componentOf", "inputTo"})
AI_PROPERTIES = frozenset({
    "AISystemUsed", "AISystemVersionUsed", "AIPromptInformation", "AIPromptWriterName",
})  # fmt: skip
AIGC_FIELDS = frozenset({
    "Label", "ContentProducer", "ProduceID", "ReservedCode1", "ContentPropagator", "PropagateID",
    "ReservedCode2",
})  # fmt: skip

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
    | {"unlisted", "other"}
)

_SHA256 = re.compile(r"[0-9a-f]{64}")


def is_open(text: str) -> bool:
    """Whether `text` may stand outside the seal: a word of the closed lists, or a SHA-256 in hex."""
    return text in OPEN_WORDS or _SHA256.fullmatch(text) is not None


def source_type(value: str) -> str:
    """The name of a digital source type out of an address, a QCode or a bare word; `unlisted` if unknown."""
    name = re.split(r"[/:#]", value.strip())[-1]
    return name if name in SOURCE_TYPES else "unlisted"
