"""The manifest of a collection: one JSON object a line.

Each has ``file`` and ``number`` and, where known, ``page``, ``bytes`` and ``sha256``. Nothing in it
is believed. A line that cannot be right carries a sentence in ``refusal``, and the next one is read.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, TypeGuard

from openhotline.intake.models.collection import Find

BATCH = 500
LONGEST_PATH = 1_000
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class ManifestLine:
    """One find as the manifest names it. ``refusal`` is a sentence when it cannot be taken, else empty."""

    number: int
    file: str
    page: str = ""
    bytes: int | None = None
    sha256: str = ""
    refusal: str = ""


def count_lines(manifest: Path) -> int:
    """Return how many finds a manifest names: its lines that are not blank. Raises OSError."""
    with manifest.open(encoding="utf-8", errors="replace") as lines:
        return sum(1 for line in lines if line.strip())


def batches(manifest: Path, folder: Path) -> Iterator[list[ManifestLine]]:
    """Yield all lines of a manifest, checked against the folder, in lists of at most 500."""
    lines = read(manifest, folder)
    while batch := list(islice(lines, BATCH)):
        yield batch


def read(manifest: Path, folder: Path) -> Iterator[ManifestLine]:
    """Yield every line that is not blank, in order; the same file gives the same lines again."""
    inside = folder.resolve()
    numbers: dict[int, int] = {}
    files: dict[str, int] = {}
    with manifest.open(encoding="utf-8", errors="replace") as lines:
        for place, text in enumerate(lines, start=1):
            if not text.strip():
                continue
            line = _checked_on_disk(_parsed(text, place), inside)
            yield _not_named_before(line, place, numbers, files)


def _parsed(text: str, place: int) -> ManifestLine:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return _refused(place, "", f"Line {place} of the manifest is not JSON. It needs one JSON object.")
    if not isinstance(content, dict):
        return _refused(place, "", f"Line {place} of the manifest is no JSON object with file and number.")
    file, number = content.get("file"), content.get("number")
    if not isinstance(file, str) or not 0 < len(file) <= LONGEST_PATH or not _storable(file):
        return _refused(place, "", f"Line {place} of the manifest names no file: it has to be a path as text.")
    if not _whole(number) or not 0 <= number < Find.NO_NUMBER:
        return _refused(place, file, f"Line {place} of the manifest has no number: it has to be a whole number.")
    return _with_claims(ManifestLine(number, file), content)


def _refused(place: int, file: str, sentence: str) -> ManifestLine:
    return ManifestLine(Find.NO_NUMBER + place, file, refusal=sentence)


def _storable(text: str) -> bool:
    """JSON can name half a character, which no file system and no table takes."""
    return "\0" not in text and text.encode(errors="ignore").decode() == text


def _whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _with_claims(line: ManifestLine, content: dict[str, Any]) -> ManifestLine:
    page, size, sha256 = content.get("page"), content.get("bytes"), content.get("sha256")
    if page is not None and not (isinstance(page, str) and _storable(page)):
        return replace(line, refusal="The manifest's page of this file is no text.")
    if size is not None and not (_whole(size) and size >= 0):
        return replace(line, refusal="The manifest's bytes of this file is no whole number.")
    if sha256 is not None and not (isinstance(sha256, str) and _SHA256.fullmatch(sha256.lower())):
        return replace(line, refusal="The manifest's sha256 of this file is not 64 hexadecimal digits.")
    return replace(line, page=page or "", bytes=size, sha256=(sha256 or "").lower())


def _checked_on_disk(line: ManifestLine, inside: Path) -> ManifestLine:
    if line.refusal:
        return line
    try:
        where = (inside / line.file).resolve()
        is_file = where.is_file()
    except (OSError, RuntimeError, ValueError):
        return replace(line, refusal="The manifest names a path that cannot be followed.")
    if not where.is_relative_to(inside):
        return replace(line, refusal="The manifest names a path outside the folder of the collection; it is not read.")
    if not is_file:
        return replace(line, refusal="The manifest names a file that is not in the folder of the collection.")
    return line


def _not_named_before(line: ManifestLine, place: int, numbers: dict[int, int], files: dict[str, int]) -> ManifestLine:
    first = numbers.setdefault(line.number, place)
    if first != place:
        return _refused(place, line.file, f"The manifest gives the number of its line {first} again, in line {place}.")
    if line.refusal:
        return line
    first = files.setdefault(line.file, place)
    if first != place:
        return replace(line, refusal=f"The manifest names the file of its line {first} again.")
    return line
