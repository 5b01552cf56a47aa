"""The files beside the pictures: manifest, truth, legend and the lists of earlier work."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from openhotline.practice.collection.complete import write_complete
from openhotline.practice.collection.families import Made
from openhotline.practice.collection.planned import Family, PlannedFile
from openhotline.practice.collection.structure import Structure

Row = dict[str, Any]
_BOARDS = 6
_PAGE_FILES = (6, 30)


def write_records(
    folder: Path, structure: Structure, seed: int, families: Sequence[Family], made: Mapping[int, Made]
) -> None:
    """Write all records; the manifest last, so that a collection with a manifest is complete."""
    files = sorted((file for family in families for file in family.files()), key=lambda file: file.number)
    write_lines(folder / "truth.jsonl", (truth_row(structure, file) for file in files))
    write_complete(folder / "legend.json", json.dumps(legend(structure), indent=2) + "\n")
    harmless = (_listed_row(file, made) for file in files if _is_listed(file, "known_harmless"))
    write_lines(folder / "known_harmless.jsonl", harmless)
    known = (_known_row(structure, file, made) for file in files if _is_listed(file, "known"))
    write_lines(folder / "known.jsonl", known)
    write_lines(folder / "manifest.jsonl", _manifest(files, made, seed))


def truth_row(structure: Structure, file: PlannedFile) -> Row:
    """What is true of a file: one line of `truth.jsonl`."""
    glyph = structure.glyphs[file.glyph] if file.glyph else None
    reason = {kind.kind: kind.reason for kind in structure.unreadable}.get(file.unreadable or "")
    aside = _set_aside_reason(file, reason, glyph.group if glyph else "")
    return {
        "number": file.number,
        "file": file.path,
        "readable": file.unreadable is None,
        "reason": reason,
        "glyph": file.glyph,
        "facts": dict(glyph.facts) if glyph else None,
        "selected": aside is None,
        "set_aside_reason": aside,
        "original": file.original,
        "relation": file.relation,
        "change": file.change,
        "marks": list(file.marks),
        "in_known_harmless_list": file.known_harmless,
        "in_known_list": file.known,
    }


def _set_aside_reason(file: PlannedFile, unreadable: str | None, group: str) -> str | None:
    if unreadable:
        # A rule sees to what has no byte; what could not be opened a person sorts.
        return "unreadable" if unreadable == "empty" else "not_opened"
    if file.known_harmless:
        return "known_harmless"
    if file.icon:
        return "too_small"
    return "no_child" if group == "no_child" else None


def legend(structure: Structure) -> dict[str, Row]:
    """What each glyph stands for, in words and as facts."""
    return {
        code: {
            "shape": glyph.shape,
            "letter": glyph.letter,
            "group": glyph.group,
            "words": glyph.words,
            "facts": dict(glyph.facts),
        }
        for code, glyph in structure.glyphs.items()
    }


def write_lines(path: Path, rows: Iterable[Row]) -> None:
    """Write JSON lines; the file has its name only once it is complete."""
    write_complete(path, "".join(json.dumps(row) + "\n" for row in rows))


def _is_listed(file: PlannedFile, which: str) -> bool:
    return file.relation == "original" and bool(getattr(file, which))


def _listed_row(file: PlannedFile, made: Mapping[int, Made]) -> Row:
    return {"sha256": made[file.number].sha256, "file": file.path}


def _known_row(structure: Structure, file: PlannedFile, made: Mapping[int, Made]) -> Row:
    """An earlier list says what it lists: severity letter and AI involvement."""
    facts = structure.glyphs[file.glyph or ""].facts
    told = {name: facts[name] for name in ("severity", "ai_involvement", "looks_like_photograph")}
    return _listed_row(file, made) | told


def _manifest(files: Sequence[PlannedFile], made: Mapping[int, Made], seed: int) -> Iterable[Row]:
    for file, page in zip(files, pages(len(files), seed), strict=True):
        size, digest = made[file.number].size, made[file.number].sha256
        yield {"file": file.path, "number": file.number, "page": page, "bytes": size, "sha256": digest}


def pages(count: int, seed: int) -> list[str]:
    """The page each of `count` files is found on, in order: threads of 6 to 30 files on six boards."""
    rng = np.random.default_rng([seed, count, 2])
    found: list[str] = []
    thread = 0
    while len(found) < count:
        page = f"/boards/{thread % _BOARDS + 1}/threads/{thread // _BOARDS + 1:04}.html"
        found += [page] * int(rng.integers(*_PAGE_FILES, endpoint=True))
        thread += 1
    return found[:count]
