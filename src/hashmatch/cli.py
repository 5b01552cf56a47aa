"""Command line of the library.

Results go to standard output as JSON lines, or to a file; everything else goes to standard error.
Exit codes: 0 done; 1 done, but some pictures could not be read, or a bench fell short of a bar; 2 the input or the
command was wrong; 130 interrupted.
"""

import contextlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

import hashmatch
from hashmatch import benchmarks, folders, hash_files, progress, result_tables
from hashmatch.errors import HashmatchError, UnreadableImage

app = typer.Typer(
    help="Hash pictures with PDQ, find near duplicates in lists of hashes, and stack them.\n\n"
    "One after the other: `hashmatch hash FOLDER --out new.jsonl`, `hashmatch build known.csv known.idx`, "
    "`hashmatch match known.idx new.jsonl`.\n\n"
    "Exit codes: 0 done; 1 done, but some pictures could not be read, or a bench fell short of a bar; 2 the input or "
    "the command was wrong, and a sentence says how; 130 interrupted.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

HASH_COLUMNS = ("file", "pdq", "quality", "canonical", "reason", "error")
MATCH_COLUMNS = ("query", "id", "distance")
STACK_COLUMNS = ("id", "stack")
AT_ONCE = 1 << 16  # queries searched between two steps of the progress

Hashes = Annotated[
    str,
    typer.Argument(
        help="File of hashes. .npy: uint8 (n, 32). .csv: columns pdq (64 hex digits) and, if wanted, id. Any other, "
        "and - for standard input: a hash a line, as JSON with pdq and, if wanted, id, or as 64 hex digits. A hash "
        "without an id has its line number, from 0."
    ),
]
Radius = Annotated[int, typer.Option(min=0, max=31, help="Largest distance in bits that counts as near.")]
Fast = Annotated[bool, typer.Option("--fast", help="A few bits may differ: for searching, not for lists.")]


@app.command("hash")
def hash_files_of(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH", help="Pictures (JPEG, PNG, WebP, GIF, TIFF) and folders, whose files are all tried."
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            help="File to write: .csv, .npy (uint8 (n, 32), without the pictures that cannot be read), or JSON lines "
            "for any other suffix. Default: JSON lines on standard output."
        ),
    ] = None,
    fast: Fast = False,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; default one a processor.")] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an --out of JSON lines that was interrupted.")
    ] = False,
) -> None:
    """Hash pictures with PDQ, files in the order given and folders by name.

    A line has file, pdq (64 hex digits), quality (0..100; below 50 is too plain to match on) and canonical (how the
    pixels were made); of a picture that cannot be read file, reason and error.
    """
    with _sentences():
        files = _unfinished(folders.files_of(paths), out, resume=resume)
        unreadable = 0
        with (
            progress.shown() as steps,
            result_tables.table(out, HASH_COLUMNS, result_tables.as_hashes, go_on=resume) as write,
        ):
            step = steps.add_task("hashing", total=len(files))
            count = workers if len(files) > 1 else 1
            for path, result in zip(files, hashmatch.pdq.many(files, exact=not fast, workers=count), strict=True):
                write(_hash_row(path, result))
                unreadable += isinstance(result, UnreadableImage)
                steps.advance(step)
    if unreadable:
        typer.echo(f"{unreadable} of {len(files)} files could not be read as pictures.", err=True)
    raise typer.Exit(1 if unreadable else 0)


def _unfinished(files: Iterable[Path], out: Path | None, *, resume: bool) -> list[Path]:
    """The files to hash: not the table itself, and none that an interrupted call has done."""
    if not resume:
        return [file for file in files if out is None or file.absolute() != out.absolute()]
    if out is None or out.suffix in {".csv", ".npy"}:
        raise typer.BadParameter("Only a file of JSON lines can be gone on with. Give --out with another suffix.")
    done = result_tables.written(out, "file")
    return [file for file in files if str(file) not in done and file.absolute() != out.absolute()]


def _hash_row(path: Path, result: "hashmatch.pdq.PDQ | UnreadableImage") -> dict[str, Any]:
    if isinstance(result, UnreadableImage):
        return {"file": str(path), "reason": result.reason, "error": str(result)}
    return {"file": str(path), "pdq": result.hash.hex(), "quality": result.quality, "canonical": result.canonical}


@app.command()
def build(
    hashes: Hashes,
    index: Annotated[Path, typer.Argument(help="The index file to write; an old one is replaced whole.")],
    radius: Radius = 31,
) -> None:
    """Build an index file of hashes, to be searched with `hashmatch match`."""
    with _sentences(), progress.shown() as steps:
        step = steps.add_task("reading", total=3)
        rows, ids = hash_files.read(hashes)
        steps.update(step, advance=1, description="building")
        built = hashmatch.Index.build(rows, ids, radius)
        steps.update(step, advance=1, description="saving")
        built.save(index)
    print(json.dumps({"index": str(index), "hashes": len(built), "radius": radius}, ensure_ascii=False))


@app.command()
def match(
    index: Annotated[Path, typer.Argument(help="An index file written by `hashmatch build`.")],
    hashes: Hashes,
    radius: Annotated[
        int | None, typer.Option(min=0, max=31, help="Bits; default the radius it was built for.")
    ] = None,
    verify: Annotated[bool, typer.Option("--verify", help="Check the whole file first.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="File to write: .csv, .npy (int64 (n, 3)), or JSON lines. Default: print.")
    ] = None,
) -> None:
    """Print every pair of a given hash and an indexed one within the radius: query, id and distance in bits.

    `query` is the id or line number of the given hash. Pairs come by the order of the queries, then distance, then id.
    """
    with _sentences(), progress.shown() as steps:
        opened = hashmatch.Index.open(index)
        if verify:
            opened.verify()
        rows, names = hash_files.read(hashes)
        step = steps.add_task("searching", total=len(rows))
        with result_tables.table(out, MATCH_COLUMNS, result_tables.as_integers) as write:
            for start in range(0, len(rows), AT_ONCE):
                some = np.ascontiguousarray(rows[start : start + AT_ONCE])
                found = opened.search(some, radius)
                for query, name, distance in zip(found.query, found.id, found.distance, strict=True):
                    write({"query": int(names[start + query]), "id": int(name), "distance": int(distance)})
                steps.advance(step, len(some))


@app.command()
def stack(
    hashes: Hashes,
    radius: Radius = 31,
    out: Annotated[
        Path | None, typer.Option(help="File to write: .csv, .npy (int64 (n, 2)), or JSON lines. Default: print.")
    ] = None,
) -> None:
    """Print the stack of near duplicates that each hash belongs to: id and stack, in the order given."""
    with _sentences(), progress.shown() as steps:
        step = steps.add_task("reading", total=2)
        rows, ids = hash_files.read(hashes)
        steps.update(step, advance=1, description="stacking")
        labels = hashmatch.stack(np.ascontiguousarray(rows), radius)
        with result_tables.table(out, STACK_COLUMNS, result_tables.as_integers) as write:
            for name, label in zip(ids, labels, strict=True):
                write({"id": int(name), "stack": int(label)})


@app.command()
def bench(
    quick: Annotated[bool, typer.Option("--quick", help="About a minute, with fewer and smaller samples.")] = False,
    out: Annotated[
        Path, typer.Option(help="Folder for the figures of each suite (JSON) and the picture of them (SVG).")
    ] = Path("hashmatch-bench"),
    suite: Annotated[
        list[str] | None, typer.Option(help=f"Only this one; may be repeated. {', '.join(benchmarks.SUITES)}.")
    ] = None,
) -> None:
    """Measure speed beside others that are installed (pdqhash, threatexchange, faiss-cpu), and print the ratios.

    Suites that are not measured keep the figures that their file in the folder has.
    """
    unknown = sorted(set(suite or []) - set(benchmarks.SUITES))
    if unknown:
        typer.echo(f"There is no suite {unknown[0]}; there are {', '.join(benchmarks.SUITES)}.", err=True)
        raise typer.Exit(2)
    with _sentences(), progress.shown() as steps:
        rows = benchmarks.run(suite or list(benchmarks.SUITES), out, steps, quick=quick)
    print(benchmarks.as_text(rows))
    raise typer.Exit(1 if any(row.reached is False for row in rows) else 0)


@contextlib.contextmanager
def _sentences() -> Iterator[None]:
    try:
        yield
    except (HashmatchError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    except KeyboardInterrupt as error:
        typer.echo("Interrupted.", err=True)
        raise typer.Exit(130) from error


def main() -> None:
    """Run the command line."""
    app()
