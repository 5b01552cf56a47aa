"""What an examination found: one `Finding` a check, two axes, and what must be sealed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self

from fileorigin import vocabulary

SCHEMA = "provenance-evidence/3"
MODULE_VERSION = "3"
READABLE = frozenset({"provenance-evidence/1", "provenance-evidence/2", SCHEMA})

Value = str | int | float | bool | tuple[str, ...]


class Status(StrEnum):
    """How a check ended. `error` and `unsupported` are not `absent`."""

    PRESENT = "present"
    ABSENT = "absent"
    ERROR = "error"
    UNSUPPORTED = "unsupported"


class Strength(StrEnum):
    """How much a finding carries by itself."""

    NONE = "none"
    WEAK = "weak"
    MODERATE = "moderate"
    STRONG = "strong"


class AiInvolvement(StrEnum):
    """Was a generative model involved? From weakest to strongest; `none_found` is not "no"."""

    NONE_FOUND = "none_found"
    CLAIMED_UNSIGNED = "claimed_unsigned"
    INDICATED_STATISTICALLY = "indicated_statistically"
    WATERMARK_DECODED = "watermark_decoded"
    ASSERTED_SIGNED_UNTRUSTED = "asserted_signed_untrusted"
    ASSERTED_SIGNED_TRUSTED = "asserted_signed_trusted"


class RealBasis(StrEnum):
    """Does a real photograph lie underneath? In order of precedence: a later one overrules an earlier one."""

    UNKNOWN = "unknown"
    ASSERTED_ABSENT_SIGNED = "asserted_absent_signed"
    INDICATED = "indicated"
    ASSERTED_SIGNED = "asserted_signed"


class Tag(StrEnum):
    """What the two axes come to for whoever plans the work. Only the last may lower a priority, and never by itself.

    `SUPPORTS_FULLY_AI_GENERATED` says that the file meets every condition that a file can meet: a trusted signer
    states a wholly synthetic origin and no input, every manifest is plain, nothing in the file contradicts it, and
    no check failed. Whether the picture is near a known real series, and the confirmation by a person, are not the
    file's to say.
    """

    UNDETERMINED = "undetermined_treat_as_real"
    REAL_BASIS_INDICATED = "ai_involved_real_basis_indicated"
    EXTENT_UNKNOWN = "ai_involved_extent_unknown_treat_as_real"
    SUPPORTS_FULLY_AI_GENERATED = "supports_fully_ai_generated"


# What no check can read without asking somebody outside, and nobody outside is ever asked.
NOT_CHECKABLE_OFFLINE = ("SynthID", "Meta Content Seal", "Digimarc")
# What people may have concluded of a file, in the words of the platform's facts.
CONCLUSIONS = frozenset({
    "none_seen", "wholly_synthetic", "real_picture_altered", "non_photographic_ai", "training_data", "tool_or_model",
    "guide_or_prompt", "not_determined",
})  # fmt: skip

CHECKS = (
    "container", "generator_marks", "digital_source_type", "ai_properties", "aigc_label", "c2pa",
    "c2pa_remote_reference", "camera", "thumbnail", "alpha_payload", "novelai_signature", "pixel_watermark",
)  # fmt: skip
CONFLICTS = frozenset({
    "camera_and_ai_marks", "capture_and_ai_signed", "thumbnail_and_ai_marks", "several_generators",
})  # fmt: skip

_NAME = re.compile(r"[a-z0-9_]{1,40}(\.[a-z0-9_]{1,40}){0,4}")
_ID = re.compile(r"[a-z]{2,12}_[A-Za-z0-9_-]{1,40}")


@dataclass(frozen=True)
class Finding:
    """The result of one check.

    `values` holds numbers, SHA-256 digests and words of the closed lists; anything else raises ValueError.
    `ai` and `real` are what this finding alone supports on each axis; `altered_real` says that it is a mark
    that a real picture may lie underneath. `sealed_refs` are names in `Evidence.sealed`; `locations` say where in
    the file it stands (`tEXt@0x29`).
    """

    check: str
    status: Status
    strength: Strength = Strength.NONE
    ai: AiInvolvement = AiInvolvement.NONE_FOUND
    real: RealBasis = RealBasis.UNKNOWN
    altered_real: bool = False
    values: Mapping[str, Value] = field(default_factory=dict)
    sealed_refs: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.check not in CHECKS:
            raise ValueError(f"The check is not in the list. Allowed: {', '.join(CHECKS)}.")
        for name in (*self.values, *self.sealed_refs):
            _require_name(name)
        for name, value in self.values.items():
            _require_open(name, value)
        if not all(isinstance(place, str) and vocabulary.is_place(place) for place in self.locations):
            raise ValueError("A location in a finding must be a part's name and an offset, as in tEXt@0x29.")

    def to_dict(self) -> dict[str, Any]:
        """This finding as JSON values."""
        return {
            "check": self.check,
            "status": self.status.value,
            "strength": self.strength.value,
            "ai": self.ai.value,
            "real": self.real.value,
            "altered_real": self.altered_real,
            "values": {k: list(v) if isinstance(v, tuple) else v for k, v in self.values.items()},
            "sealed_refs": list(self.sealed_refs),
            "locations": list(self.locations),
        }

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Self:
        """Read back what `to_dict` wrote; raises ValueError, KeyError or TypeError if it is anything else."""
        return cls(
            check=raw["check"],
            status=Status(raw["status"]),
            strength=Strength(raw["strength"]),
            ai=AiInvolvement(raw["ai"]),
            real=RealBasis(raw["real"]),
            altered_real=_require_bool(raw["altered_real"]),
            values={k: tuple(v) if isinstance(v, list) else v for k, v in raw["values"].items()},
            sealed_refs=tuple(raw["sealed_refs"]),
            locations=tuple(raw.get("locations", ())),  # evidence of schema 1 has none
        )


def _require_name(name: object) -> None:
    if not isinstance(name, str) or _NAME.fullmatch(name) is None:
        raise ValueError("A name in a finding must be lower-case words with dots; the given one is not shown.")


def _require_bool(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("A yes/no field of the evidence must be true or false.")
    return value


def _require_open(name: str, value: object) -> None:
    words = value if isinstance(value, tuple) else (value,)
    for word in words:
        if isinstance(word, str):
            if not vocabulary.is_open(word):
                raise ValueError(f"{name} is not a word of the closed lists: seal it. The text is not shown here.")
        elif not isinstance(word, bool | int | float):
            raise TypeError(f"{name} must be a number, a yes/no, or words of the closed lists.")


@dataclass(frozen=True)
class Human:
    """What people concluded of how the file was made, and when; all None as long as nobody has said anything.

    `decision` is one of `CONCLUSIONS`; `by` is the outside id of who or what says so, never a name; `at` is UTC.
    Nothing here sets it: whoever keeps the evidence does. None is never a "no".
    """

    decision: str | None = None
    by: str | None = None
    at: str | None = None

    def __post_init__(self) -> None:
        told = (self.decision, self.by, self.at)
        if told == (None, None, None):
            return
        if None in told:
            raise ValueError("A conclusion of people needs all of decision, by and at; or none, as nobody said any.")
        if self.decision not in CONCLUSIONS:
            raise ValueError(f"The conclusion is not in the list. Allowed: {', '.join(sorted(CONCLUSIONS))}.")
        if not isinstance(self.by, str) or _ID.fullmatch(self.by) is None:
            raise ValueError("Who concluded it must be an outside id, such as dec_4f; the given one is not shown.")
        _require_moment(self.at)

    def to_dict(self) -> dict[str, str | None]:
        """This conclusion as JSON values."""
        return {"decision": self.decision, "by": self.by, "at": self.at}

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Self:
        """Read back what `to_dict` wrote; raises ValueError or KeyError for anything else."""
        return cls(raw["decision"], raw["by"], raw["at"])


def moment(at: datetime) -> str:
    """A moment as the evidence has it: UTC, to the second. Raises ValueError for one without a time zone."""
    if at.tzinfo is None:
        raise ValueError("A moment in the evidence needs a time zone.")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _require_moment(text: object) -> None:
    try:
        holds = moment(datetime.fromisoformat(str(text))) == text
    except ValueError:
        holds = False
    if not holds:
        raise ValueError("A moment in the evidence must be in UTC and to the second, as 2026-11-28T09:30:00Z.")


@dataclass(frozen=True)
class Evidence:
    """Provenance evidence of one file: `to_dict()` is the open part, `sealed` is for the caller to encrypt.

    `sealed` maps a name (see `Finding.sealed_refs`) to bytes: prompts, names, free text, thumbnails. It is
    never part of `to_dict()` nor of `repr()`. Treat it as the material itself. `run_at` is when the checks ran, as
    the caller told (`moment`), None where it did not; `human` is for the caller to set (`dataclasses.replace`).
    """

    file_sha256: str
    length: int
    format: str
    findings: tuple[Finding, ...]
    ai_involvement: AiInvolvement
    real_basis: RealBasis
    suspects_altered_real: bool
    conflicts: tuple[str, ...] = ()
    trust_list_sha256: str | None = None
    schema: str = SCHEMA
    module_version: str = MODULE_VERSION
    run_at: str | None = None
    human: Human = Human()
    sealed: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if self.schema not in READABLE:
            readable = " and ".join(sorted(READABLE))
            raise ValueError(f"This version reads evidence of schema {readable} only; examine the file again.")
        digests = (self.file_sha256, self.trust_list_sha256 or "0" * 64)
        if not all(re.fullmatch(r"[0-9a-f]{64}", d) for d in digests):
            raise ValueError("A digest in the evidence must be a SHA-256 of 64 hex digits.")
        if self.format not in vocabulary.FORMATS or not CONFLICTS.issuperset(self.conflicts):
            raise ValueError("The evidence holds a format or a conflict that is not in the closed lists.")
        if not isinstance(self.length, int) or not re.fullmatch(r"\d{1,9}", str(self.module_version)):
            raise ValueError("The length and the module version of the evidence must be whole numbers.")
        for name in self.sealed:
            _require_name(name)
        if self.run_at is not None:
            _require_moment(self.run_at)

    @property
    def tag(self) -> Tag:
        """What the two axes come to; see `Tag`."""
        if self._meets_all_conditions():
            return Tag.SUPPORTS_FULLY_AI_GENERATED
        if self.ai_involvement is AiInvolvement.NONE_FOUND:
            return Tag.UNDETERMINED
        if self.suspects_altered_real or self.real_basis in {RealBasis.INDICATED, RealBasis.ASSERTED_SIGNED}:
            return Tag.REAL_BASIS_INDICATED
        return Tag.EXTENT_UNKNOWN

    def _meets_all_conditions(self) -> bool:
        return (
            self.ai_involvement is AiInvolvement.ASSERTED_SIGNED_TRUSTED
            and self.real_basis is RealBasis.ASSERTED_ABSENT_SIGNED
            and not self.suspects_altered_real
            and not self.conflicts
            and not any(f.status is Status.ERROR for f in self.findings)
        )

    def of(self, check: str) -> tuple[Finding, ...]:
        """The findings of one check, e.g. ``evidence.of("c2pa")``."""
        return tuple(f for f in self.findings if f.check == check)

    def to_dict(self) -> dict[str, Any]:
        """The open part as JSON values: closed lists, numbers and digests only, which is what there is to keep.

        `output.written` adds the sentences. Always of the present schema, also where it was read from an earlier one.
        """
        return {
            "schema": SCHEMA,
            "module_version": self.module_version,
            "file_sha256": self.file_sha256,
            "length": self.length,
            "format": self.format,
            "trust_list_sha256": self.trust_list_sha256,
            "run_at": self.run_at,
            "ai_involvement": self.ai_involvement.value,
            "real_basis": self.real_basis.value,
            "suspects_altered_real": self.suspects_altered_real,
            "conflicts": list(self.conflicts),
            "tag": self.tag.value,
            "not_checkable_offline": list(NOT_CHECKABLE_OFFLINE),
            "findings": [f.to_dict() for f in self.findings],
            "detectors": [],
            "human": self.human.to_dict(),
        }

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any], *, sealed: Mapping[str, bytes] | None = None) -> Self:
        """Read the open part back, e.g. in the parent of a sandbox; free text in it raises ValueError.

        Evidence of schema 1 is read as well: it has no tag and no locations, and gets the tag that it comes to. So is
        that of schema 2, which does not say when it was run. Sentences are not read: they are made of the findings.
        """
        evidence = cls(
            file_sha256=raw["file_sha256"],
            length=raw["length"],
            format=raw["format"],
            findings=tuple(Finding.from_dict(f) for f in raw["findings"]),
            ai_involvement=AiInvolvement(raw["ai_involvement"]),
            real_basis=RealBasis(raw["real_basis"]),
            suspects_altered_real=_require_bool(raw["suspects_altered_real"]),
            conflicts=tuple(raw["conflicts"]),
            trust_list_sha256=raw["trust_list_sha256"],
            schema=raw["schema"],
            module_version=raw["module_version"],
            run_at=raw.get("run_at"),
            human=Human.from_dict(raw["human"]) if "human" in raw else Human(),
            sealed=sealed or {},
        )
        if raw.get("detectors", []):
            raise ValueError("The evidence holds the score of a detector, and there is none.")
        if raw.get("tag", evidence.tag.value) != evidence.tag.value:
            raise ValueError("The tag of the evidence is not what its findings come to.")
        return evidence
