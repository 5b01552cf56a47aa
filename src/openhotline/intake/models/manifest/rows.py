"""Manifests of lines taken apart, row by row: JSON lines and CSV.

Each reader yields a mapping a row, or a refusal with its sentence where there is no reading it; nothing stops it but
the end of the file, and no more than a row is held in memory.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

from openhotline.core.errors import Missing
from openhotline.intake.models.containers.container import FindRefused
from openhotline.intake.states import WhyRefused

Row = Mapping[str, object] | FindRefused
Rows = Iterator[tuple[int, Row]]
"""Rows with the place of each, which no other row has: its line, or which record it is."""
LONGEST_LINE = 100_000
_COLUMNS = {"path": "file", "filename": "file", "size": "bytes", "sha-256": "sha256", "sha-1": "sha1"}
_NUMBERS = ("number", "bytes")
MOST_DIGITS = 12


def json_lines(manifest: Path) -> Rows:
    """Yield one object a line; blank lines count and give none."""
    with manifest.open(encoding="utf-8-sig", errors="replace") as file:
        for place, text in enumerate(_lines(file), start=1):
            if text.strip():
                yield place, _object(text, place)


def _lines(file: IO[str]) -> Iterator[str]:
    """Yield lines, of an endless one its beginning with one letter too many."""
    while text := file.readline(LONGEST_LINE + 1):
        yield text
        while len(text) > LONGEST_LINE and not text.endswith("\n"):
            text = file.readline(LONGEST_LINE + 1)


def _object(text: str, place: int) -> Row:
    if len(text) > LONGEST_LINE:
        return unreadable(f"Line {place} of the manifest is longer than {LONGEST_LINE} letters.")
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return unreadable(f"Line {place} of the manifest is not JSON. It needs one JSON object.")
    if not isinstance(content, dict):
        return unreadable(f"Line {place} of the manifest is no JSON object with file and number.")
    return content


def unreadable(sentence: str) -> FindRefused:
    """Return what stands in place of a row that cannot be read."""
    return FindRefused(WhyRefused.LINE, sentence)


def csv_rows(manifest: Path) -> Rows:
    """Yield one row a find. The first line names the columns; a comma, semicolon or tab parts them."""
    with manifest.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        lines = _lines(file)
        head = next(lines, "")
        parts = max(",;\t", key=head.count)
        columns = [_column(name) for name in next(csv.reader([head], delimiter=parts), [])]
        if "file" not in columns:
            raise Missing(f"The first line of {manifest} names no column file. It has to name the columns.")
        counted = _Counted(lines)
        reader = csv.reader(counted, delimiter=parts, strict=True)
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield (
                    counted.place,
                    unreadable(
                        f"Line {counted.place} of the manifest is no CSV that can be read, or is too long. A quote "
                        "that is never closed takes the lines before it along."
                    ),
                )
                continue
            if any(cells):
                yield counted.place, _row(columns, cells, counted.place)


class _Counted:
    """Lines after the first, with the number of the last one given out; no generator, which an error would end."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines, self.place = lines, 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        text = next(self._lines)
        self.place += 1
        if len(text) > LONGEST_LINE:
            raise csv.Error("too long")
        return text


def _column(name: str) -> str:
    plain = name.strip().lower()
    return _COLUMNS.get(plain, plain)


def _row(columns: list[str], cells: list[str], place: int) -> Row:
    if len(cells) > len(columns):
        return unreadable(f"Line {place} of the manifest has more cells than its first line names columns.")
    row: dict[str, object] = {name: cell for name, cell in zip(columns, cells, strict=False) if cell}
    for name in _NUMBERS:
        text = row.get(name)
        if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS:
            row[name] = int(text)
    return row
