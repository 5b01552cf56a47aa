"""The plan of a collection: which files there are and what each is, before a pixel is painted."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import TypeVar

import numpy as np

from openhotline.practice.collection.counts import group_counts, relation_counts, unreadable_counts
from openhotline.practice.collection.planned import EXTENSIONS, Family, PlannedFile
from openhotline.practice.collection.shares import largest_remainder
from openhotline.practice.collection.structure import Structure

Key = TypeVar("Key")
_CRIMINAL = ("pseudo_photograph", "prohibited_image")


def plan(structure: Structure, items: int, seed: int) -> list[Family]:
    """Divide `items` files as the structure says; the same arguments give the same plan.

    Raises:
        ValueError: fewer than one item was asked for.
    """
    if items < 1:
        raise ValueError(f"A collection of {items} items cannot be made; ask for one at least.")
    return _Planner(structure, items, seed).families()


class _Planner:
    """Draws everything a plan needs in a fixed order from one generator."""

    def __init__(self, structure: Structure, items: int, seed: int) -> None:
        self._structure = structure
        self._rng = np.random.default_rng([seed, items])
        self._numbers = iter((self._rng.permutation(items) + 1).tolist())
        self._items = items

    def families(self) -> list[Family]:
        families = [*self._pictures(), *self._icons(), *self._unreadable()]
        return sorted(families, key=lambda family: family.original.number)

    def _pictures(self) -> list[Family]:
        counts = relation_counts(self._structure, self._items)
        planned = self._originals({glyph: originals for glyph, (originals, _, _) in counts.items()})
        near_in_all = sum(near for _, _, near in counts.values())
        changes = iter(self._spread(self._structure.changes, near_in_all))
        return [
            family
            for glyph, (_, exact, near) in counts.items()
            for family in self._families_of(planned[glyph], exact, list(islice(changes, near)))
        ]

    def _spread(self, weights: Mapping[Key, float], total: int) -> list[Key]:
        """So many of each key, in random order."""
        keys = list(weights)
        parts = largest_remainder(total, dict(enumerate(weights.values())))
        pool = [index for index, count in parts.items() for _ in range(count)]
        return [keys[pool[at]] for at in self._rng.permutation(total)]

    def _originals(self, counts: Mapping[str, int]) -> dict[str, list[PlannedFile]]:
        total = sum(counts.values())
        sizes = self._spread(self._structure.sizes, total)
        formats = self._spread(self._structure.formats, total)
        drawn: list[PlannedFile] = []
        for glyph, count in counts.items():
            drawn += [self._original(glyph, sizes.pop(), formats.pop()) for _ in range(count)]
        marked = self._wrongly_named(self._listed(self._marked(drawn)))
        return {glyph: [file for file in marked if file.glyph == glyph] for glyph in counts}

    def _original(self, glyph: str, size: tuple[int, int], format_: str) -> PlannedFile:
        altered = self._structure.glyphs[glyph].altered
        if altered and format_ == "gif":
            format_ = "png"  # GIF has no room for the mark that every altered picture carries
        number, (width, height) = next(self._numbers), size
        marks = self._altered_mark(format_) if altered else ()
        return PlannedFile(number, format_, EXTENSIONS[format_], glyph, width, height, marks=marks)

    def _altered_mark(self, format_: str) -> tuple[str, ...]:
        """A real input lies underneath: InvokeAI says so in PNG only, XMP everywhere."""
        told_by_generator = format_ == "png" and bool(self._rng.random() < 0.5)
        return ("invokeai_img2img",) if told_by_generator else ("xmp_composite",)

    def _marked(self, files: Sequence[PlannedFile]) -> list[PlannedFile]:
        """Give each mark to its share of the files, among those that can carry it and have none."""
        by_number = {file.number: file for file in files}
        for name, mark in self._structure.marks.items():
            able = [f.number for f in by_number.values() if f.format in mark.formats and not f.marks]
            for number in self._some(able, round(len(files) * mark.share)):
                by_number[number] = replace(by_number[number], marks=(name,))
        return list(by_number.values())

    def _some(self, numbers: Sequence[int], count: int) -> list[int]:
        return [numbers[at] for at in self._rng.permutation(len(numbers))[:count].tolist()]

    def _listed(self, files: Sequence[PlannedFile]) -> list[PlannedFile]:
        """Put a share on the lists of earlier work."""
        groups = {code: glyph.group for code, glyph in self._structure.glyphs.items()}
        criminal = [f.number for f in files if groups[f.glyph or ""] in _CRIMINAL]
        harmless = [f.number for f in files if groups[f.glyph or ""] == "no_child"]
        known = set(self._some(criminal, round(len(criminal) * self._structure.duplicates["known"])))
        share = self._structure.not_selected["known_harmless"]
        known_harmless = set(self._some(harmless, round(len(harmless) * share)))
        return [replace(f, known=f.number in known, known_harmless=f.number in known_harmless) for f in files]

    def _wrongly_named(self, files: Sequence[PlannedFile]) -> list[PlannedFile]:
        count = round(len(files) * self._structure.duplicates["wrong_extension"])
        chosen = set(self._some([file.number for file in files], count))
        other = {"jpg": "png", "png": "jpg", "webp": "jpg", "gif": "jpg"}
        return [replace(f, extension=other[f.extension]) if f.number in chosen else f for f in files]

    def _families_of(self, originals: Sequence[PlannedFile], exact: int, changes: Sequence[str]) -> list[Family]:
        """Hang the duplicates on originals drawn at random."""
        copies: dict[int, list[PlannedFile]] = {file.number: [] for file in originals}
        changed: dict[int, list[PlannedFile]] = {file.number: [] for file in originals}
        for at in self._rng.integers(len(originals), size=exact).tolist():
            copy = replace(originals[at], number=next(self._numbers), original=originals[at].number)
            copies[originals[at].number].append(replace(copy, relation="exact_duplicate"))
        drawn = self._rng.integers(len(originals), size=len(changes)).tolist()
        for at, change in zip(drawn, changes, strict=True):
            changed[originals[at].number].append(self._near(originals[at], change))
        return [Family(f, tuple(copies[f.number]), tuple(changed[f.number])) for f in originals]

    def _near(self, original: PlannedFile, change: str) -> PlannedFile:
        altered = self._structure.glyphs[original.glyph or ""].altered
        format_ = self._changed_format(original.format, change, room_for_marks=altered)
        return replace(
            original,
            number=next(self._numbers),
            format=format_,
            extension=EXTENSIONS[format_],
            relation="near_duplicate",
            original=original.number,
            change=change,
            marks=self._altered_mark(format_) if altered else (),
            known=False,
            known_harmless=False,
        )

    def _changed_format(self, format_: str, change: str, *, room_for_marks: bool) -> str:
        if change == "exif_rotated":
            return "jpeg"
        if change == "recompressed":
            return "webp" if format_ == "webp" else "jpeg"
        if change != "format_changed":
            return format_
        others = [name for name in EXTENSIONS if name != format_ and not (room_for_marks and name == "gif")]
        return others[int(self._rng.integers(len(others)))]

    def _icons(self) -> list[Family]:
        sides = self._structure.not_selected["icon_sides"]
        glyph = next(iter(self._structure.glyphs_of("no_child")))
        return [
            Family(PlannedFile(next(self._numbers), "png", "png", glyph, side, side, icon=True))
            for side in self._rng.choice(sides, group_counts(self._structure, self._items)["icon"]).tolist()
        ]

    def _unreadable(self) -> list[Family]:
        extensions = {kind.kind: kind.extension for kind in self._structure.unreadable}
        return [
            Family(PlannedFile(next(self._numbers), "", extensions[kind], None, unreadable=kind))
            for kind, count in unreadable_counts(self._structure, self._items).items()
            for _ in range(count)
        ]
