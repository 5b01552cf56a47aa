"""Put the findings together on the two axes. Doubt always goes to the side of a real picture underneath."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fileorigin.evidence import AiInvolvement, Finding, RealBasis, Status

_AI = list(AiInvolvement)
_REAL = list(RealBasis)
# Conflicts that say of themselves: a real picture may lie under the AI.
_OF_ALTERED = frozenset({"camera_and_ai_marks", "capture_and_ai_signed", "thumbnail_and_ai_marks"})
_CAPTURED = frozenset({"capturedMedia", "capturedMediaStitched"})


@dataclass(frozen=True)
class Conclusion:
    """Where the findings lead."""

    ai: AiInvolvement
    real: RealBasis
    altered_real: bool
    conflicts: tuple[str, ...]


def conclude(findings: Iterable[Finding]) -> Conclusion:
    """The strongest statement on each axis, and what contradicts what."""
    found = tuple(findings)
    ai = max((f.ai for f in found), key=_AI.index, default=AiInvolvement.NONE_FOUND)
    real = max((f.real for f in found), key=_REAL.index, default=RealBasis.UNKNOWN)
    conflicts = _conflicts(found, ai)
    if real is RealBasis.ASSERTED_ABSENT_SIGNED and (conflicts or _unread(found)):
        # A check that failed might have found a picture underneath.
        real = RealBasis.UNKNOWN
    altered = any(f.altered_real for f in found) or not _OF_ALTERED.isdisjoint(conflicts)
    if altered and real in {RealBasis.UNKNOWN, RealBasis.ASSERTED_ABSENT_SIGNED}:
        real = RealBasis.INDICATED
    return Conclusion(ai, real, altered, conflicts)


def _unread(found: tuple[Finding, ...]) -> bool:
    return any(f.status is Status.ERROR for f in found)


def _conflicts(found: tuple[Finding, ...], ai: AiInvolvement) -> tuple[str, ...]:
    out: list[str] = []
    marked = ai is not AiInvolvement.NONE_FOUND
    if marked and any(f.check == "camera" and f.status is Status.PRESENT for f in found):
        out.append("camera_and_ai_marks")
    if marked and any(not _CAPTURED.isdisjoint(_words(f, "signals")) for f in found):
        out.append("capture_and_ai_signed")
    if marked and any(f.check == "thumbnail" and f.values.get("differs") is True for f in found):
        out.append("thumbnail_and_ai_marks")
    families = {f.values["family"] for f in found if "family" in f.values}
    if len(families) > 1:
        out.append("several_generators")
    return tuple(out)


def _words(finding: Finding, name: str) -> tuple[str, ...]:
    value = finding.values.get(name, ())
    return value if isinstance(value, tuple) else ()
