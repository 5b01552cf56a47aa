"""Manifests taken apart, row by row: JSON lines, CSV, and JSON in the shape of Project VIC's data model (VICS).

Each reader yields a mapping a row, or a refusal with its sentence where there is no reading it; nothing stops it but
the end of the file, and no more than a row is held in memory.
"""

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO

import ijson

from openhotline.core.errors import Missing
from openhotline.intake.models.containers.container import FindRefused
from openhotline.intake.states import WhyRefused

Row = Mapping[str, object] | FindRefused
Rows = Iterator[tuple[int, Row]]
"""Rows with the place of each, which no other row has: its line, or which record it is."""
LONGEST_LINE = 100_000
_COLUMNS = {"path": "file", "filename": "file", "size": "bytes", "sha-256": "sha256", "sha-1": "sha1"}
_NUMBERS = ("number", "bytes")
_MOST_DIGITS = 12
# A case list nests its media, a media list does not: the domain notes of third-party exporters know both.
_MEDIA = ("value.item.Media.item", "Media.item", "value.item")
_VICS = {
    ".RelativeFilePath": "file",
    ".MediaSize": "bytes",
    ".MD5": "md5",
    ".SHA1": "sha1",
    ".Category": "category",
    ".MediaFiles.item.FilePath": "folder",
    ".MediaFiles.item.FileName": "name",
    ".MediaFiles.item.Created": "found_at",
}
_DEEPEST = 12
_SCALARS = {"string", "number", "boolean"}


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
        return _no(f"Line {place} of the manifest is longer than {LONGEST_LINE} letters.")
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return _no(f"Line {place} of the manifest is not JSON. It needs one JSON object.")
    if not isinstance(content, dict):
        return _no(f"Line {place} of the manifest is no JSON object with file and number.")
    return content


def _no(sentence: str) -> FindRefused:
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
                yield counted.place, _no(
                    f"Line {counted.place} of the manifest is no CSV that can be read, or is too long. A quote that is "
                    "never closed takes the lines before it along."
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
        return _no(f"Line {place} of the manifest has more cells than its first line names columns.")
    row: dict[str, object] = {name: cell for name, cell in zip(columns, cells, strict=False) if cell}
    for name in _NUMBERS:
        text = row.get(name)
        if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS:
            row[name] = int(text)
    return row


def vics_rows(manifest: Path) -> Rows:
    """Yield one row a media record. Files are known by their path; numbers of exporters are not unique.

    Broken JSON gives what came before it, and then one refusal.
    """
    read = 0
    with manifest.open("rb") as file:
        if file.read(3) != b"\xef\xbb\xbf":
            file.seek(0)
        try:
            for row in _media(file):
                read += 1
                yield read, row
        except (ijson.JSONError, ValueError, OverflowError, RecursionError):
            yield read + 1, _no(f"The manifest breaks off after {read} files: what follows is not JSON.")


def _media(file: IO[bytes]) -> Iterator[Row]:
    at, of_media, found = "", False, dict[str, object]()
    for prefix, event, value in _events(file):
        if prefix == "@odata.context":
            of_media = str(value).endswith("#Media")
        elif event == "start_map" and not at and prefix in _MEDIA:
            if prefix != "value.item" or of_media:
                at, found = prefix, {}
        elif event == "end_map" and prefix == at and at:
            yield _of_media(found)
            at = ""
        elif at and event in _SCALARS:
            name = _VICS.get(prefix.removeprefix(at))
            if name:
                found.setdefault(name, value)


def _events(file: IO[bytes]) -> Iterator[tuple[str, str, object]]:
    """Yield (where, what, value) of all but keys. Raises ValueError for what nests deeper than media records do.

    ijson's own `parse` keeps a longer path for each level, and so takes gigabytes for a file that only nests.
    """
    path: list[str] = []
    for event, value in ijson.basic_parse(file):
        if event == "map_key":
            path[-1] = str(value)
            continue
        if event.startswith("end"):
            path.pop()
        yield ".".join(path), event, value
        if event.startswith("start"):
            path.append("item")
            if len(path) > _DEEPEST:
                raise ValueError("too deep")


def _of_media(found: Mapping[str, object]) -> Row:
    """Return a record in our words. Its paths are of Windows; digests are in capitals; sizes may be text."""
    row = {name: value for name, value in found.items() if name not in {"folder", "name"}}
    if isinstance(file := row.get("file"), str):
        row["file"] = file.replace("\\", "/").removeprefix("./")
    if isinstance(size := row.get("bytes"), str) and size.isascii() and size.isdigit() and len(size) <= _MOST_DIGITS:
        row["bytes"] = int(size)
    places = [str(found[name]) for name in ("folder", "name") if found.get(name)]
    return row | ({"place": "\\".join(places)} if places else {})


READERS: Mapping[str, Callable[[Path], Rows]] = {
    ".jsonl": json_lines,
    ".ndjson": json_lines,
    ".csv": csv_rows,
    ".tsv": csv_rows,
    ".json": vics_rows,
}
