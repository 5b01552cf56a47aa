"""Marks that generators write as text: who wrote it, in which mode, and whether a picture went in."""

from __future__ import annotations

import re
from collections.abc import Iterable

from fileorigin.evidence import AiInvolvement, Finding, RealBasis, Status, Strength, Value
from fileorigin.reading import Reading, Written, digest, locations
from fileorigin.vocabulary import GENERATORS, INPUT_KEYS, INPUT_MARKS, SAMPLERS, GeneratorMark

_NUMBERS = {
    "steps": re.compile(r"\bsteps\"?: ?(\d{1,4})\b", re.IGNORECASE),
    "width": re.compile(r"Size: (\d{1,5})x\d{1,5}\b|\"width\": ?(\d{1,5})\b"),
    "height": re.compile(r"Size: \d{1,5}x(\d{1,5})\b|\"height\": ?(\d{1,5})\b"),
}
_STRENGTH = re.compile(r"Denoising strength: (\d(?:\.\d{1,6})?)")
_ESCAPE = re.compile(r"\\u00([0-7][0-9a-fA-F])")
_SAMPLER = re.compile(r"Sampler: ([^,\n]{1,40})")


def findings(reading: Reading) -> tuple[Finding, ...]:
    """One finding a family of generators whose mark is in the file; one `absent` (or error) if none is."""
    by_family: dict[str, list[Written]] = {}
    for written in reading.written:
        for mark in GENERATORS:
            if _matches(mark, written):
                by_family.setdefault(mark.family, []).append(written)
    if not by_family:
        return (reading.nothing("generator_marks"),)
    return tuple(_finding(reading, family, by_family[family]) for family in sorted(by_family))


def _matches(mark: GeneratorMark, written: Written) -> bool:
    if mark.place != written.place or (mark.key is not None and mark.key != written.key):
        return False
    return mark.pattern is None or mark.pattern.search(written.value) is not None


def _finding(reading: Reading, family: str, marked: list[Written]) -> Finding:
    inputs = input_marks(marked)
    values: dict[str, Value] = {
        "family": family,
        "places": tuple(sorted({w.place for w in marked})),
        "keys": tuple(sorted({w.key for w in marked if w.key})),
        "sha256": tuple(sorted({digest(w.value) for w in marked})),
        "length": sum(len(w.value) for w in marked),
        "input_marks": inputs,
    }
    values.update(_parameters(reading, marked))
    return Finding(
        "generator_marks",
        Status.PRESENT,
        Strength.MODERATE if inputs else Strength.WEAK,
        ai=AiInvolvement.CLAIMED_UNSIGNED,
        real=RealBasis.INDICATED if inputs else RealBasis.UNKNOWN,
        altered_real=bool(inputs),
        values=values,
        sealed_refs=tuple(reading.seal.put("generator", w.value) for w in marked),
        locations=locations([w.at for w in marked]),
    )


def input_marks(marked: Iterable[Written]) -> tuple[str, ...]:
    """Names of the marks that another picture went in."""
    found: set[str] = set()
    for written in marked:
        if by_key := INPUT_KEYS.get(written.key or ""):
            found.add(by_key)
        # JSON may write any letter as an escape; a mark must not hide behind that.
        text = _ESCAPE.sub(lambda m: chr(int(m[1], 16)), written.value)
        for mark in INPUT_MARKS:
            explained = mark.unless is not None and mark.unless.search(text)
            if mark.pattern.search(text) and not explained:
                found.add(mark.name)
    return tuple(sorted(found))


def _parameters(reading: Reading, marked: Iterable[Written]) -> dict[str, Value]:
    out: dict[str, Value] = {}
    for written in marked:
        for name, pattern in _NUMBERS.items():
            if found := pattern.search(written.value):
                out[name] = int(next(n for n in found.groups() if n))
        if strength := _STRENGTH.search(written.value):
            out["denoising_strength"] = float(strength[1])
        sampler = _SAMPLER.search(written.value)
        if sampler is not None:
            out["sampler"] = sampler[1].strip() if sampler[1].strip() in SAMPLERS else "unlisted"
    stored = reading.pixels.stored_or_none
    if stored is not None and "width" in out and "height" in out:
        # A text that was copied from another picture often says another size; a true one may after upscaling.
        out["size_matches"] = (out["height"], out["width"]) == stored.shape[:2]
    return out
