"""`openhotline guidance …`: check, draw, list and keep the guidance, without a database."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings

from openhotline.core.clock import machine_now
from openhotline.guidance.errors import GuidanceInvalid, NothingToFreeze
from openhotline.guidance.models.checks import unused
from openhotline.guidance.models.guidance import Guidance
from openhotline.guidance.models.paths import Path as Way
from openhotline.guidance.models.paths import every_path
from openhotline.guidance.policies.due import overdue, unchecked
from openhotline.guidance.queries.content import load
from openhotline.guidance.queries.drawing import map_of
from openhotline.guidance.queries.versions import not_frozen
from openhotline.guidance.services.freeze import freeze as keep

app = typer.Typer(name="guidance", help="What to do now: flows as data.", no_args_is_help=True)
Folder = Annotated[
    Path | None,
    typer.Option(help="A folder laid over the shipped guidance; without it, the one OPENHOTLINE_GUIDANCE names."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@app.callback()
def guidance() -> None:
    """What to do now, for people who work with children: flows as data, each sentence with its source."""


def _loaded(folder: Path | None) -> Guidance:
    try:
        return load(folder or settings.GUIDANCE)
    except GuidanceInvalid as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


@app.command()
def check(folder: Folder = None, as_json: AsJson = False) -> None:
    """Say what is wrong with the guidance, and what a person has to look at: reviews, sources, versions.

    Ends with 0 when it can be shown, and with 1 and a sentence for each fault when it cannot.
    """
    found = _loaded(folder)
    paths = sum(1 for flow in found.flows.values() for nation in flow.nations for _ in every_path(flow, nation))
    notes = {
        "overdue": list(overdue(found, machine_now().date())),
        "not_checked": list(unchecked(found)),
        "not_used": list(unused(found)),
        "not_kept": [
            f"{flow.file}: this version is not kept yet. Keep it: openhotline guidance freeze --because …"
            for flow in not_frozen(found, folder or settings.GUIDANCE)
        ],
    }
    if as_json:
        typer.echo(json.dumps({"flows": len(found.flows), "paths": paths, **notes}, indent=2))
        return
    typer.echo(f"{len(found.flows)} flows, {paths} paths: every question is reached and every path ends.")
    for line in (line for lines in notes.values() for line in lines):
        typer.echo(f"  {line}")


@app.command("map")
def map_command(
    folder: Folder = None, out: Annotated[Path | None, typer.Option(help="Where to write it; else printed.")] = None
) -> None:
    """Draw every flow as one SVG picture: questions, rules and outcomes."""
    drawn = map_of(_loaded(folder))
    if out is None:
        typer.echo(drawn, nl=False)
    else:
        out.write_text(drawn, "utf-8")


@app.command()
def paths(
    folder: Folder = None,
    flow: Annotated[str | None, typer.Option(help="One flow, by its id.")] = None,
    nation: Annotated[str | None, typer.Option(help="One nation, by its id.")] = None,
    as_json: AsJson = False,
) -> None:
    """List every path: flow, nation, each answer and the outcome it leads to.

    Ends with 2 when there is no flow or nation of that name.
    """
    found = _loaded(folder)
    for wanted, known in ((flow, found.flows), (nation, found.nations)):
        if wanted is not None and wanted not in known:
            typer.echo(f"There is no {wanted!r}. There is: {', '.join(known)}.", err=True)
            raise typer.Exit(2)
    for one in _paths(found, flow, nation):
        if as_json:
            typer.echo(json.dumps({"flow": one.flow.id, "nation": one.nation, "answers": one.answers, "to": one.at}))
        else:
            answers = " ".join(f"{question}={answer}" for question, answer in one.answers.items())
            typer.echo(" ".join(filter(None, (f"{one.flow.id} nation={one.nation}", answers, f"→ {one.at}"))))


def _paths(found: Guidance, flow: str | None, nation: str | None) -> Iterator[Way]:
    for one in found.flows.values():
        for place in one.nations:
            if flow in {None, one.id} and nation in {None, place}:
                yield from every_path(one, place)


@app.command()
def freeze(
    because: Annotated[str, typer.Option(help="What changed, in a sentence for readers.")],
    into: Annotated[
        Path | None,
        typer.Option(help="The guidance folder to keep it in; without it, the one of OPENHOTLINE_GUIDANCE."),
    ] = None,
) -> None:
    """Keep the present version of each flow, so that it can be shown by its hash for as long as anybody asks.

    Ends with 2 and a sentence when there is no folder, or nothing that is not kept already.
    """
    place = into or settings.GUIDANCE
    if place is None or not place.is_dir():
        typer.echo("There is no folder to keep it in. Give --into, or set OPENHOTLINE_GUIDANCE to one.", err=True)
        raise typer.Exit(2)
    try:
        kept = keep(guidance=_loaded(None), folder=place, because=because, now=machine_now())
    except NothingToFreeze as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    for version in kept:
        typer.echo(version)
