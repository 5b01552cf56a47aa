"""Command line of the library.

Results are JSON lines on standard output; everything else goes to standard error.
Exit codes: 0 done; 1 done, but some files could not be read; 2 the input or the command was wrong.
"""

import contextlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, TextIO

import numpy as np
import typer
from numpy.typing import NDArray

import hashmatch
from hashmatch.errors import HashmatchError, InvalidHashes, UnreadableImage

app = typer.Typer(
    help="Hash pictures with PDQ, find near duplicates in lists of hashes, and stack them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Hashes = Annotated[
    str,
    typer.Argument(
        help="File of hashes, one a line: JSON with `pdq` (and `id`), or 64 hex digits; - for standard input."
    ),
]
Radius = Annotated[int, typer.Option(min=0, max=31, help="Largest distance in bits that counts as near.")]


@app.command("hash")
def hash_files(
    files: Annotated[list[Path], typer.Argument(help="Pictures: JPEG, PNG, WebP or GIF.")],
    fast: Annotated[bool, typer.Option("--fast", help="A few bits may differ: for searching, not for lists.")] = False,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; default one a processor.")] = None,
) -> None:
    """Print the PDQ and quality of pictures, in the order given; `reason` and `error` where one cannot be read."""
    count = workers if workers is not None or len(files) > 1 else 1
    unreadable = 0
    for path, result in zip(files, hashmatch.pdq.many(files, exact=not fast, workers=count), strict=True):
        if isinstance(result, UnreadableImage):
            unreadable += 1
            _print(file=str(path), reason=result.reason, error=str(result))
        else:
            _print(file=str(path), pdq=result.hash.hex(), quality=result.quality, canonical=result.canonical)
    raise typer.Exit(1 if unreadable else 0)


@app.command()
def build(
    hashes: Hashes,
    index: Annotated[Path, typer.Argument(help="The index file to write; an old one is replaced whole.")],
    radius: Radius = 31,
) -> None:
    """Build an index file. Lines without an `id` get their line number, from 0."""
    with _sentences():
        rows, ids = _read(hashes)
        built = hashmatch.Index.build(rows, ids, radius)
        built.save(index)
    _print(index=str(index), hashes=len(built), radius=radius)


@app.command()
def match(
    index: Annotated[Path, typer.Argument(help="An index file written by `hashmatch build`.")],
    hashes: Hashes,
    radius: Annotated[
        int | None, typer.Option(min=0, max=31, help="Bits; default the radius it was built for.")
    ] = None,
    verify: Annotated[bool, typer.Option("--verify", help="Check the whole file first.")] = False,
) -> None:
    """Print every pair of a given hash (by its `id` or line number) and an indexed one within the radius."""
    with _sentences():
        opened = hashmatch.Index.open(index)
        if verify:
            opened.verify()
        rows, names = _read(hashes)
        matches = opened.search(rows, radius)
    for query, found, distance in zip(matches.query, matches.id, matches.distance, strict=True):
        _print(query=int(names[query]), id=int(found), distance=int(distance))


@app.command()
def stack(hashes: Hashes, radius: Radius = 31) -> None:
    """Print the stack that each hash belongs to, in the order given."""
    with _sentences():
        rows, ids = _read(hashes)
        labels = hashmatch.stack(rows, radius)
    for name, label in zip(ids, labels, strict=True):
        _print(id=int(name), stack=int(label))


@contextlib.contextmanager
def _sentences() -> Iterator[None]:
    try:
        yield
    except (HashmatchError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error


def _print(**fields: Any) -> None:
    print(json.dumps(fields, ensure_ascii=False))


def _read(name: str) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    if name == "-":
        return _parse(sys.stdin)
    with Path(name).open(encoding="utf-8", errors="replace") as file:
        return _parse(file)


def _parse(lines: TextIO) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Hashes and ids of all lines but blank ones and those of pictures that could not be read."""
    packed, ids = bytearray(), []
    for number, line in enumerate(lines):
        text = line.strip()
        if not text:
            continue
        try:
            row = json.loads(text) if text.startswith("{") else {"pdq": text}
            if "reason" in row:
                continue
            one, name = bytes.fromhex(row["pdq"]), row.get("id", number)
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidHashes(_bad_line(number)) from error
        if len(one) != 32 or type(name) is not int or not -(2**63) <= name < 2**63:
            raise InvalidHashes(_bad_line(number))
        packed += one
        ids.append(name)
    return np.frombuffer(bytes(packed), np.uint8).reshape(-1, 32), np.array(ids, np.int64)


def _bad_line(number: int) -> str:
    return (
        f"Line {number + 1} is not a hash. Give 64 hex digits, or JSON with `pdq` (64 hex digits) "
        "and, if wanted, `id` (a whole number)."
    )


def main() -> None:
    """Run the command line."""
    app()
