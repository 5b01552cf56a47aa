"""Unsigned marks of a camera: EXIF, maker notes, the tables of a JPEG."""

from __future__ import annotations

from fileorigin.blocks.exif import Exif
from fileorigin.checks import tables
from fileorigin.evidence import Finding, RealBasis, Status, Strength, Value
from fileorigin.reading import Reading, locations
from fileorigin.vocabulary import CAMERA_MAKES, GENERATORS, MAKER_NOTES


def camera(reading: Reading) -> Finding:
    """A camera's make with exposure or maker note, or a place. Copied easily, so weak; a generator's Make is none."""
    found = next(((b, raw.at) for b, raw in zip(reading.exif, reading.parts.exif, strict=True) if _is_camera(b)), None)
    if found is None:
        return reading.nothing("camera")
    block, at = found
    make = block.texts.get("make", "").strip().lower()
    values: dict[str, Value] = {
        "make": make if make in CAMERA_MAKES else "unlisted",
        "exposure_fields": len(block.exposures),
        "maker_note_length": len(block.maker_note),
        "gps": block.has_gps,
    }
    if make in MAKER_NOTES and block.maker_note:
        heads = tuple(head.encode() for head in MAKER_NOTES[make])
        values["maker_note_matches"] = block.maker_note.startswith(heads)
    return Finding(
        "camera",
        Status.PRESENT,
        Strength.WEAK,
        real=RealBasis.INDICATED,
        values={**values, **tables.values(reading.parts.tables)},
        sealed_refs=(reading.seal.put("camera", "\n".join(f"{k}: {v}" for k, v in block.texts.items())),),
        locations=locations([at]),
    )


def _is_camera(block: Exif) -> bool:
    make = block.texts.get("make", "")
    generator = any(
        m.pattern is not None and m.pattern.search(block.texts.get(m.place, ""))
        for m in GENERATORS
        if m.place in {"make", "model", "software"}
    )
    taken = bool(make) and (bool(block.texts.get("model") and block.exposures) or bool(block.maker_note))
    return (taken or block.has_gps) and not generator
