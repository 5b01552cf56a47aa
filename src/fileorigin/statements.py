"""Unsigned statements in XMP and text: digital source type, AI properties, credit lines, the AIGC label."""

from __future__ import annotations

import json

from fileorigin.evidence import AiInvolvement, Finding, RealBasis, Status, Strength
from fileorigin.reading import Reading, digest
from fileorigin.vocabulary import AI_PROPERTIES, AIGC_FIELDS, CREDITS, SOURCE_TYPES, source_type


def digital_source_type(reading: Reading) -> Finding:
    """IPTC DigitalSourceType: an unsigned claim of how the picture came to be."""
    raw = (*reading.properties("DigitalSourceType"), *reading.properties("digitalsourcetype"))
    if not raw:
        return reading.nothing("digital_source_type")
    names = tuple(sorted({source_type(v) for v in raw}))
    types = [SOURCE_TYPES[n] for n in names if n in SOURCE_TYPES]
    altered = any(t.altered for t in types)
    return Finding(
        "digital_source_type",
        Status.PRESENT,
        Strength.WEAK,
        ai=_claimed(any(t.ai for t in types)),
        real=_indicated(altered or any(t.capture for t in types)),
        altered_real=altered,
        values={"source_types": names},
        sealed_refs=tuple(reading.seal.put("source_type", v) for v in raw),
    )


def ai_properties(reading: Reading) -> Finding:
    """IPTC 2025.1 AI properties and the credit lines that state AI."""
    named = {name: reading.properties(name) for name in AI_PROPERTIES}
    present = {name: texts for name, texts in named.items() if texts}
    credits_ = [CREDITS[c.strip()] for c in reading.properties("Credit") if c.strip() in CREDITS]
    if not present and not credits_:
        return reading.nothing("ai_properties")
    altered = any(c.altered for c in credits_)
    texts = [text for group in present.values() for text in group]
    return Finding(
        "ai_properties",
        Status.PRESENT,
        Strength.WEAK,
        ai=AiInvolvement.CLAIMED_UNSIGNED,
        real=_indicated(altered),
        altered_real=altered,
        values={
            "properties": tuple(sorted(present)),
            "credits": tuple(sorted({c.name for c in credits_})),
            "sha256": tuple(sorted({digest(t) for t in texts})),
        },
        sealed_refs=tuple(reading.seal.put("ai_property", t) for t in texts),
    )


def aigc_label(reading: Reading) -> Finding:
    """The AIGC label of GB 45438-2025. A platform that only suspects AI may have added it."""
    raw = (*reading.properties("AIGC"), *(t.value for t in reading.parts.texts if t.key == "AIGC"))
    if not raw:
        return reading.nothing("aigc_label")
    fields = {name for text in raw for name in _json_keys(text)}
    return Finding(
        "aigc_label",
        Status.PRESENT,
        Strength.WEAK,
        ai=AiInvolvement.CLAIMED_UNSIGNED,
        values={"fields": tuple(sorted(fields & AIGC_FIELDS)), "unlisted_fields": len(fields - AIGC_FIELDS)},
        sealed_refs=tuple(reading.seal.put("aigc", text) for text in raw),
    )


def remote_reference(reading: Reading) -> Finding:
    """A pointer to credentials kept elsewhere. It is recorded and sealed; nothing is ever fetched."""
    raw = reading.properties("provenance")
    if not raw:
        return reading.nothing("c2pa_remote_reference")
    return Finding(
        "c2pa_remote_reference",
        Status.PRESENT,
        values={"sha256": tuple(sorted({digest(v) for v in raw}))},
        sealed_refs=tuple(reading.seal.put("remote", v) for v in raw),
    )


def _json_keys(text: str) -> frozenset[str]:
    try:
        parsed = json.loads(text[:20_000])
    except (ValueError, RecursionError):
        return frozenset()
    return frozenset(parsed) if isinstance(parsed, dict) else frozenset()


def _claimed(ai: bool) -> AiInvolvement:  # noqa: FBT001 - one fact in, its name on the axis out
    return AiInvolvement.CLAIMED_UNSIGNED if ai else AiInvolvement.NONE_FOUND


def _indicated(real: bool) -> RealBasis:  # noqa: FBT001 - as above
    return RealBasis.INDICATED if real else RealBasis.UNKNOWN
