"""Making the files of one family: paint once, write the original, its copies and its changed versions."""

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from openhotline.practice.collection import changes, credentials, marks
from openhotline.practice.collection.broken import broken_bytes
from openhotline.practice.collection.complete import write_complete
from openhotline.practice.collection.glyphs import mark_levels
from openhotline.practice.collection.planned import Family, PlannedFile
from openhotline.practice.collection.scenes import Scene, paint
from openhotline.practice.collection.structure import Structure


@dataclass(frozen=True, slots=True)
class Made:
    """A file that lies complete in the folder, with its size in bytes and its SHA-256 in hex."""

    number: int
    size: int
    sha256: str


class Maker:
    """Makes families into a folder. A file that is already there is complete, and is kept.

    Only files with a C2PA signature (and their copies) are made again, because the key of an interrupted call
    is gone.
    """

    def __init__(self, folder: Path, seed: int, structure: Structure, identity: credentials.SigningIdentity) -> None:
        self._folder = folder
        self._seed = seed
        self._structure = structure
        self._identity = identity

    def make(self, family: Family) -> list[Made]:
        """Make what is missing of a family; answers all its files, the original first."""
        again = "c2pa_trained" in family.original.marks
        missing = [file for file in family.files() if again or not (self._folder / file.path).exists()]
        if missing:
            self._make_missing(family, missing)
        return [self._measured(file) for file in family.files()]

    def _make_missing(self, family: Family, missing: list[PlannedFile]) -> None:
        scene = self._scene(family.original)
        for file in missing:
            if file.relation == "exact_duplicate":
                data = (self._folder / family.original.path).read_bytes()
            elif scene is None:
                data = broken_bytes(file.unreadable or "", file.number)
            else:
                data = self._encoded(file, scene)
            write_complete(self._folder / file.path, data)

    def _measured(self, file: PlannedFile) -> Made:
        data = (self._folder / file.path).read_bytes()
        return Made(file.number, len(data), hashlib.sha256(data).hexdigest())

    def _scene(self, original: PlannedFile) -> Scene | None:
        """The original's picture with everything drawn on it; None for an unreadable file."""
        if original.glyph is None:
            return None
        rng = np.random.default_rng([self._seed, original.number])
        scene = paint(rng, original.width, original.height)
        mark_levels(scene.levels, self._structure.glyphs[original.glyph])
        return scene

    def _encoded(self, file: PlannedFile, scene: Scene) -> bytes:
        rng = np.random.default_rng([self._seed, file.number, 1])
        as_palette = file.format == "gif" or (file.format == "png" and file.number % 2 == 0)
        if file.change in {None, "format_changed"} and as_palette:
            image, orientation = scene.indexed(), 1
        else:
            image, orientation = changes.apply(file.change or "", scene.coloured(), rng)
        labels = marks.labels(file.marks, file.format, rng, orientation)
        data = _encode(image, file, labels, rng)
        if "c2pa_trained" in file.marks:
            return credentials.sign(data, f"image/{file.format}", self._identity)
        return data


def _encode(image: Image.Image, file: PlannedFile, labels: marks.Labels, rng: np.random.Generator) -> bytes:
    lossy = {"quality": _quality(file, rng)}
    options: dict[str, dict[str, Any]] = {
        "jpeg": lossy,
        "webp": {**lossy, "method": 0},
        "png": {"compress_level": 1},
        "gif": {"optimize": False},
    }
    if file.format == "gif" and image.mode != "P":
        image = image.quantize(method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    out = io.BytesIO()
    image.save(out, file.format.upper(), **options[file.format], **labels.options(file.format))
    return out.getvalue()


def _quality(file: PlannedFile, rng: np.random.Generator) -> int:
    """Quality 0..100: low for what was recompressed, ordinary for the rest."""
    low, high = (35, 65) if file.change == "recompressed" else (78, 94)
    return int(rng.integers(low, high))
