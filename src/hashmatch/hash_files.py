"""Files of hashes, told apart by their suffix.

`.npy`: an array (n, 32) of uint8; the ids are the row numbers, from 0.
`.csv`: a first line that names the columns; `pdq` (64 hex digits) is needed, `id` (a whole number) may be there.
Anything else, and `-` for standard input: a hash a line, as JSON with `pdq` and, if wanted, `id`, or as 64 hex digits.

Without an `id` a hash has its line number, from 0 and not counting the first line of a `.csv`. Lines that are empty,
and those of pictures that could not be read (with a `reason`), are left out. Other columns do not matter.
"""

import csv
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray

from hashmatch.errors import InvalidHashes

_WHOLE = re.compile(r"-?[0-9]{1,19}")
_LOWEST, _HIGHEST = -(2**63), 2**63 - 1


class NamedHashes(NamedTuple):
    """`hashes` (n, 32) uint8 and the id of each, (n,) int64."""

    hashes: NDArray[np.uint8]
    ids: NDArray[np.int64]


def read(name: str) -> NamedHashes:
    """Read all hashes of a file. Raises `InvalidHashes` with the file and the line, and `OSError`."""
    if name.endswith(".npy"):
        return _read_array(name)
    if name == "-":
        return _collected("standard input", _lines(sys.stdin))
    with Path(name).open(encoding="utf-8-sig", errors="replace", newline="") as file:
        return _collected(name, _records(name, file) if name.endswith(".csv") else _lines(file))


def _read_array(name: str) -> NamedHashes:
    try:
        array = open_memmap(name, mode="r")  # reads no pickles
    except (ValueError, EOFError) as error:
        raise InvalidHashes(f"{name} is not a .npy file, or it is damaged. Write it with numpy.save.") from error
    if array.dtype != np.uint8 or array.ndim != 2 or array.shape[1] != 32:
        raise InvalidHashes(
            f"{name} holds {array.dtype} {array.shape}; it must be uint8 of shape (n, 32), one row of 32 bytes a hash."
        )
    return NamedHashes(array, np.arange(len(array), dtype=np.int64))


Line = tuple[int, int, Any]  # its number in the file from 1, its number among the hashes from 0, what it says


def _lines(lines: Iterable[str]) -> Iterator[Line]:
    for number, line in enumerate(lines):
        text = line.strip()
        if text.startswith("{"):
            try:
                yield number + 1, number, json.loads(text)
            except ValueError:
                yield number + 1, number, text
        elif text:
            yield number + 1, number, {"pdq": text}


def _records(name: str, lines: Iterable[str]) -> Iterator[Line]:
    reader = csv.DictReader(lines, strict=True)
    whole = 0  # lines that are understood; the reader stops counting before the one that it fails at
    try:
        if "pdq" not in (reader.fieldnames or ()):
            raise InvalidHashes(
                f"{name} line 1 names the columns {reader.fieldnames or 'not at all'}; one of them must be pdq."
            )
        whole = reader.line_num
        for number, record in enumerate(reader):
            row: dict[str, Any] = {key: text for key, text in record.items() if text}
            if _WHOLE.fullmatch(row.get("id", "")):
                row["id"] = int(row["id"])
            whole = reader.line_num
            yield whole, number, row
    except csv.Error as error:
        raise InvalidHashes(
            f"{name} line {whole + 1} is not CSV ({error}). Quote fields with commas or line breaks."
        ) from error


def _collected(name: str, lines: Iterable[Line]) -> NamedHashes:
    packed, ids = bytearray(), []
    for place, number, row in lines:
        # What could not be read has none, and a video has one of each frame and none of its own.
        if isinstance(row, dict) and not {"reason", "frames"}.isdisjoint(row):
            continue
        packed += _hash_of(row, f"{name} line {place}")
        ids.append(_id_of(row, number, f"{name} line {place}"))
    return NamedHashes(np.frombuffer(bytes(packed), np.uint8).reshape(-1, 32), np.array(ids, np.int64))


def _hash_of(row: Any, place: str) -> bytes:
    text: Any = row.get("pdq") if isinstance(row, dict) else row
    try:
        digits = bytes.fromhex(text)
    except (ValueError, TypeError):
        digits = b""
    if len(digits) != 32 or len(text) != 64:
        found = "there is no pdq" if text is None else _shortened(text)
        raise InvalidHashes(
            f"{place} is not a hash: {found}. Give 64 hex digits, or JSON with `pdq` (64 hex digits) and, if wanted, "
            "`id` (a whole number)."
        )
    return digits


def _id_of(row: dict[str, Any], number: int, place: str) -> int:
    name = row.get("id", number)
    if type(name) is not int or not _LOWEST <= name <= _HIGHEST:
        raise InvalidHashes(
            f"{place} has the id {_shortened(name)}; it must be a whole number from {_LOWEST} to {_HIGHEST}."
        )
    return name


def _shortened(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
