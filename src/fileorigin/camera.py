"""Unsigned marks of a camera, and the embedded thumbnail."""

from __future__ import annotations

from fileorigin.evidence import Finding, RealBasis, Status, Strength
from fileorigin.exif import Exif
from fileorigin.reading import Reading, digest
from fileorigin.vocabulary import CAMERA_MAKES, GENERATORS


def camera(reading: Reading) -> Finding:
    """Make, model and exposure of a camera. Copied easily, so weak; a generator's own Make does not count."""
    block = next((b for b in reading.exif if _is_camera(b)), None)
    if block is None:
        return reading.nothing("camera")
    make = block.texts["make"].strip().lower()
    return Finding(
        "camera",
        Status.PRESENT,
        Strength.WEAK,
        real=RealBasis.INDICATED,
        values={
            "make": make if make in CAMERA_MAKES else "unlisted",
            "exposure_fields": len(block.exposures),
            "maker_note_length": len(block.maker_note),
            "gps": block.has_gps,
        },
        sealed_refs=(reading.seal.put("camera", "\n".join(f"{k}: {v}" for k, v in block.texts.items())),),
    )


def _is_camera(block: Exif) -> bool:
    make = block.texts.get("make", "")
    generator = any(
        m.pattern is not None and m.pattern.search(block.texts.get(m.place, ""))
        for m in GENERATORS
        if m.place in {"make", "model", "software"}
    )
    return bool(make and block.texts.get("model") and block.exposures) and not generator


def thumbnail(reading: Reading) -> Finding:
    """An embedded thumbnail: it may show the picture before it was changed, so it is sealed as a lead."""
    pictures = [b.thumbnail for b in reading.exif if b.thumbnail]
    if not pictures:
        return reading.nothing("thumbnail")
    return Finding(
        "thumbnail",
        Status.PRESENT,
        values={"sha256": tuple(digest(p) for p in pictures), "length": sum(map(len, pictures))},
        sealed_refs=tuple(reading.seal.put("thumbnail", p) for p in pictures),
    )
