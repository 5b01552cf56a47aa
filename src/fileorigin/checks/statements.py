"""Unsigned statements in XMP and text: digital source type, AI properties, credit lines, the AIGC label."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from fileorigin.evidence import AiInvolvement, Finding, RealBasis, Status, Strength, Value
from fileorigin.reading import Reading, digest, locations
from fileorigin.vocabulary import AI_PROPERTIES, AIGC_ALIASES, AIGC_FIELDS, CREDITS, SOURCE_TYPES, source_type

MAX_LABEL = 20_000
_AIGC_TEXT = '"AIGC"'


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
        locations=_packets(reading),
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
        locations=_packets(reading),
    )


def aigc_label(reading: Reading) -> Finding:
    """The AIGC label of GB 45438-2025. A platform that only suspects AI may have added it."""
    raw = (*reading.properties("AIGC"), *_labels(reading))
    if not raw:
        return reading.nothing("aigc_label")
    bodies = [body for text in raw if (body := _object(text))]
    fields = {AIGC_ALIASES.get(name, name) for body in bodies for name in body}
    values: dict[str, Value] = {
        "fields": tuple(sorted(fields & AIGC_FIELDS)),
        "unlisted_fields": len(fields - AIGC_FIELDS),
        # Only whoever passed it on is named: such a platform may have added the label on suspicion.
        "by_propagator_only": _named(bodies, "ContentPropagator") and not _named(bodies, "ContentProducer"),
    }
    codes = [str(body["Label"]) for body in bodies if "Label" in body]
    if codes and len(codes[0]) == 1 and codes[0] in "0123456789":
        values["label"] = int(codes[0])
    return Finding(
        "aigc_label",
        Status.PRESENT,
        Strength.WEAK,
        ai=AiInvolvement.CLAIMED_UNSIGNED,
        values=values,
        sealed_refs=tuple(reading.seal.put("aigc", text) for text in raw),
        locations=locations([*_packets(reading), *(w.at for w in reading.written if _AIGC_TEXT in w.value)]),
    )


def _labels(reading: Reading) -> Iterator[str]:
    """Labels outside XMP: a text chunk of that name, or an object with that member in any text."""
    for written in reading.written:
        if written.key == "AIGC":
            yield written.value
        elif _AIGC_TEXT in written.value:
            whole = _object(written.value)
            if "AIGC" in whole:
                inner = whole["AIGC"]
                yield inner if isinstance(inner, str) else json.dumps(inner)


def _named(bodies: list[Mapping[str, Any]], field: str) -> bool:
    return any(body.get(field) for body in bodies)


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
        locations=_packets(reading),
    )


def _packets(reading: Reading) -> tuple[str, ...]:
    return locations([block.at for block in (*reading.parts.xmp, *reading.parts.iptc)])


def _object(text: str) -> Mapping[str, Any]:
    try:
        parsed = json.loads(text[:MAX_LABEL])
    except (ValueError, RecursionError):
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _claimed(ai: bool) -> AiInvolvement:  # noqa: FBT001 - one fact in, its name on the axis out
    return AiInvolvement.CLAIMED_UNSIGNED if ai else AiInvolvement.NONE_FOUND


def _indicated(real: bool) -> RealBasis:  # noqa: FBT001 - as above
    return RealBasis.INDICATED if real else RealBasis.UNKNOWN
