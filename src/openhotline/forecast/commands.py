"""``openhotline forecast``: what we can cope with, and what growth does to hash lists."""

import csv
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from openhotline.core.clock import now
from openhotline.core.errors import Refusal
from openhotline.forecast.policies import COLUMNS, as_rows, number
from openhotline.forecast.queries import MAY_ASSUME
from openhotline.forecast.services.make_study import DAYS, RUNS, SEED, compute, silent
from openhotline.forecast.states import StudyKind

REFUSED = 2
app = typer.Typer(
    help="What may come, reckoned from this hotline's own figures. Each number says what it rests on.",
    no_args_is_help=True,
)
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Csv = Annotated[Path | None, typer.Option("--csv", help="Write every number to this file as well.")]
Seed = Annotated[int, typer.Option(help="What is drawn at random follows from this number.")]


@app.command()
def capacity(
    assume: Annotated[
        list[str] | None,
        typer.Option(help=f"NAME=NUMBER in place of what is measured; again for more. Names: {', '.join(MAY_ASSUME)}."),
    ] = None,
    days: Annotated[int, typer.Option(help="How many days are played.")] = DAYS,
    runs: Annotated[int, typer.Option(help="How often each is played; more make the intervals narrower.")] = RUNS,
    seed: Seed = SEED,
    as_json: AsJson = False,
    to: Csv = None,
) -> None:
    """Play the way of reports with what comes in now, ten times and a hundred times as much: backlog, waits, exposure.

    What is not assumed is measured from the last 30 days. Ends with 0, or with 2 and the reason.
    """
    with _in_sentences():
        given = dict(_assumed(one) for one in assume or [])
    _study(StudyKind.CAPACITY, given | {"days": days, "runs": runs, "seed": seed}, to, as_json=as_json)


def _assumed(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name.strip(), float(value)
    except ValueError as error:
        raise ValueError(f"{text!r} is no NAME=NUMBER. One may assume: {', '.join(MAY_ASSUME)}.") from error


@app.command()
def hashlist(seed: Seed = SEED, as_json: AsJson = False, to: Csv = None) -> None:
    """Reckon what growth to 10^9 entries does to false matches, and mass generation to what still matches.

    Rests on our own stacks, and on generated pictures that were measured. Ends with 0, or with 2 and the reason.
    """
    _study(StudyKind.HASHLIST, {"seed": seed}, to, as_json=as_json)


def _study(kind: StudyKind, asks: dict[str, float], to: Path | None, *, as_json: bool) -> None:
    with _in_sentences():
        content = compute(kind, asks, now(), tell=_progress if sys.stderr.isatty() else silent)
        if to is not None:
            with to.open("w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file)
                writer.writerow(COLUMNS)
                writer.writerows(as_rows(content))
    if as_json:
        typer.echo(json.dumps(content, ensure_ascii=False))
        return
    for line in _words(content):
        typer.echo(line)


def _words(content: dict[str, Any]) -> Iterator[str]:
    yield from filter(None, [content["heading"]])
    yield from content["answer"]
    for table in content["tables"]:
        yield ""
        yield f"{table['title']} ({table['rests_on']}): {' | '.join(table['headers'])}"
        for row in table["rows"]:
            yield "  " + " | ".join(str(cell) for cell in row)
    yield "\nThis rests on:"
    for one in content["quantities"]:
        yield f"  {one['name']}: {number(one['value'])} {one['unit']} ({one['basis']}). {one['how']}"
    yield "\nIt leaves out:"
    yield from (f"  {sentence}" for sentence in content["leaves_out"])


def _progress(done: int, all_: int) -> None:
    typer.echo(f"\r{done} of {all_} runs", nl=done == all_, err=True)


@contextmanager
def _in_sentences() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        typer.echo(f"{error.filename or 'A file'} cannot be written: {error.strerror or error}. Check it.", err=True)
        raise typer.Exit(REFUSED) from error
    except (Refusal, ValueError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(REFUSED) from error
