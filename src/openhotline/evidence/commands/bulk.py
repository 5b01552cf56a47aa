"""``openhotline bulk …``: hash and match a folder of any size, without the database."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings

from hashmatch import folders, progress
from hashmatch.errors import HashmatchError
from openhotline.core.errors import Missing
from openhotline.core.sandbox.protocol import SandboxUnavailable
from openhotline.evidence.commands.answers import REFUSED, AsJson, in_sentences
from openhotline.evidence.examiner.engines import FILES, Engine, Part, Pool, left_over, part_name
from openhotline.evidence.examiner.in_parts import HashPart, MatchPart, PartDone, hash_part, match_part, tally

app = typer.Typer(
    help="Hash and match whole folders, part by part. Broken off, the same command goes on where it stopped.",
    no_args_is_help=True,
)
HASHES, MATCHES = "hashes 2", "matches 2"
"""What lines hold, and so in the name of each part: results that hold less are made anew."""
Out = Annotated[Path, typer.Option(help="A folder for the results: JSON lines, a file for each part.")]
Workers = Annotated[int | None, typer.Option(min=1, help="Processes; default one a processor.")]


@app.command("hash")
def hash_command(
    folder: Annotated[Path, typer.Argument(help="A folder; every file below it is tried, none is changed.")],
    out: Out,
    workers: Workers = None,
    as_json: AsJson = False,
) -> None:
    """Hash every picture and video with PDQ, SHA-256, SHA-1 and MD5, each opened in the sandbox alone.

    A line has file, bytes, the digests, pdq, quality and canonical; of a video milliseconds, complete and frames, each
    frame with at_ms, pdq and quality; of what cannot be read file, reason and error.
    Ends with 0 when all is done, 1 when files could not be read, 2 when it could not go on.
    """
    with _sentences():
        if not folder.is_dir():
            raise Missing(f"There is no folder {folder}. Give the folder that holds the files.")
        done = _run(Pool(workers), hash_part, lambda: _hash_parts(folder, out), out)
    _tell(done, "files", as_json=as_json)


@app.command("match")
def match_command(
    index: Annotated[Path, typer.Argument(help="An index file, written by `hashmatch build`.")],
    hashes: Annotated[Path, typer.Argument(help="The folder that `bulk hash` wrote.")],
    out: Out,
    radius: Annotated[
        int | None, typer.Option(min=0, max=31, help="Bits; default the radius it was built for.")
    ] = None,
    workers: Workers = None,
    as_json: AsJson = False,
) -> None:
    """Look up every hash in an index. A line has file, id (of the index) and distance in bits.

    Of a video each frame that says enough is looked up: a line also has frames and of, how many of how many are near
    that id, and at_ms, when; those of the largest share come first. What share is enough, a person says.
    Ends with 0 when all is done, 2 when it could not go on.
    """
    with _sentences():
        if not any(hashes.glob("part-*.jsonl")):
            raise Missing(f"There are no results of `bulk hash` in {hashes}. Hash first, then match.")
        done = _run(Pool(workers), match_part, lambda: _match_parts(index, hashes, out, radius), out)
    _tell(done, "hashes", as_json=as_json)


@dataclass
class _Done:
    """What came of it in all; ``before``: parts that an earlier call had done."""

    parts: int = 0
    before: int = 0
    inputs: int = 0
    unreadable: int = 0
    lines: int = 0

    def add(self, one: PartDone) -> None:
        self.parts += 1
        self.inputs += one.inputs
        self.unreadable += one.unreadable
        self.lines += one.lines


def _hash_parts(folder: Path, out: Path) -> Iterator[HashPart]:
    inside = out.resolve()
    files = (file for file in folders.files_of([folder]) if inside not in file.resolve().parents)
    number = 0
    while some := list(islice(files, FILES)):
        told = [HASHES, *(f"{file} {stat.st_size} {stat.st_mtime_ns}" for file in some if (stat := file.lstat()))]
        where = str(out / part_name(number, *told))
        yield HashPart(tuple(map(str, some)), where, require=not settings.PRACTICE)
        number += 1


def _match_parts(index: Path, hashes: Path, out: Path, radius: int | None) -> Iterator[MatchPart]:
    stat = index.stat()
    told = f"{MATCHES} {stat.st_size} {stat.st_mtime_ns} {radius}"
    for number, path in enumerate(sorted(hashes.glob("part-*.jsonl"))):
        yield MatchPart(str(path), str(index), str(out / part_name(number, path.name, told)), radius)


def _run(engine: Engine, work: Callable[[Part], PartDone], parts: Callable[[], Iterable[Part]], out: Path) -> _Done:
    """Run the parts that are not there yet, and take away what is no part's any more."""
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    done = _Done()
    with progress.shown() as steps:
        step = steps.add_task("listing", total=None)
        wanted = set()
        for part in parts():
            wanted.add(Path(part.out).name)
            if Path(part.out).exists():
                done.add(tally(part))
        done.before = done.parts
        steps.update(step, description="parts", total=len(wanted), completed=done.before)
        for one in engine.run(work, (part for part in parts() if not Path(part.out).exists())):
            done.add(one)
            steps.advance(step)
    for path in left_over(out, wanted):
        path.unlink()
    return done


def _tell(done: _Done, inputs: str, *, as_json: bool) -> None:
    told = vars(done)
    if as_json:
        typer.echo(json.dumps(told))
    else:
        typer.echo(
            f"{done.inputs:,} {inputs} in {done.parts:,} parts, {done.before:,} of them done before; "
            f"{done.lines:,} lines, {done.unreadable:,} could not be read."
        )
    raise typer.Exit(1 if done.unreadable else 0)


@contextmanager
def _sentences() -> Iterator[None]:
    """End with 2 and a sentence, also for what the libraries refuse."""
    with in_sentences():
        try:
            yield
        except (HashmatchError, SandboxUnavailable) as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(REFUSED) from error
        except KeyboardInterrupt as error:
            typer.echo("Interrupted. The same command goes on where this stopped.", err=True)
            raise typer.Exit(130) from error
