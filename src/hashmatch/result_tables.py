"""Tables that the commands write, in the format that the file's suffix names.

`.csv` has a first line with the columns, `.npy` is an array, and anything else (and standard output) is a JSON object
a line, without the columns that a row does not have.
"""

import csv
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Row = Mapping[str, Any]
Write = Callable[[Row], object]
AsArray = Callable[[list[Row], tuple[str, ...]], NDArray[Any]]


def as_hashes(rows: list[Row], _columns: tuple[str, ...]) -> NDArray[np.uint8]:
    """The hashes (n, 32) of the rows that have one."""
    packed = b"".join(bytes.fromhex(row["pdq"]) for row in rows if "pdq" in row)
    return np.frombuffer(packed, np.uint8).reshape(-1, 32)


def as_integers(rows: list[Row], columns: tuple[str, ...]) -> NDArray[np.int64]:
    """Rows of whole numbers as (n, columns)."""
    return np.array([row[column] for row in rows for column in columns], np.int64).reshape(-1, len(columns))


@contextmanager
def table(path: Path | None, columns: tuple[str, ...], as_array: AsArray, *, go_on: bool = False) -> Iterator[Write]:
    """Write rows to a file, or to standard output without one. `go_on`: after the lines that it has.

    A `.npy` is written whole at the end, or not at all.
    """
    if path is None:
        yield lambda row: sys.stdout.write(_line(row))
    elif path.suffix == ".npy":
        rows: list[Row] = []
        yield rows.append
        _save(path, as_array(rows, columns))
    elif path.suffix == ".csv":
        with path.open("w", encoding="utf-8", errors="surrogateescape", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            yield writer.writerow
    else:
        with path.open("a" if go_on else "w", encoding="utf-8") as file:
            yield lambda row: file.write(_line(row))


def _line(row: Row) -> str:
    # A file name that is not UTF-8 has lone surrogates; with a backslash they are what JSON writes for them.
    return json.dumps(row, ensure_ascii=False).encode("utf-8", "backslashreplace").decode("utf-8") + "\n"


def _save(path: Path, array: NDArray[Any]) -> None:
    unfinished = path.with_name(f"{path.name}.unfinished")
    with unfinished.open("wb") as file:
        np.save(file, array, allow_pickle=False)
    unfinished.replace(path)


def written(path: Path, column: str) -> set[str]:
    """What `column` holds in the complete lines of an interrupted JSON Lines file; a broken last line is cut off."""
    if not path.exists():
        return set()
    data = path.read_bytes()
    end = data.rfind(b"\n") + 1
    with path.open("r+b") as file:
        file.truncate(end)
    return {json.loads(line)[column] for line in data[:end].splitlines()}
