"""``openhotline practice …``."""

import json
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from django.core.management import call_command
from rich.console import Console

from openhotline.audit.services.record import at_desk
from openhotline.core.errors import Misconfigured
from openhotline.practice import collection
from openhotline.practice.collection.structure import load
from openhotline.practice.ending import end_with_parent, run_again, stopped_by_signals
from openhotline.practice.machinery import connected
from openhotline.practice.progress import bars
from openhotline.practice.run import Plan, play, site_ports
from openhotline.practice.showing import markdown, show
from openhotline.practice.site.ports import free_ports
from openhotline.practice.site.serving import Site
from openhotline.practice.starting import start

app = typer.Typer(
    help="Practice with generated shapes: make a collection, play the whole journey, serve the practice site.",
    no_args_is_help=True,
)
Child = Annotated[bool, typer.Option("--child", help="End when the process that started this one ends.", hidden=True)]


@app.command()
def generate(
    folder: Annotated[Path, typer.Argument(help="Where to put it; a call that was interrupted is continued.")],
    items: Annotated[int, typer.Option(min=1, help="How many files.")] = 300,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same pictures.")] = 1,
) -> None:
    """Make a practice collection: generated pictures, the manifest, and the truth about them."""
    with bars(Console(stderr=True)) as tell:
        try:
            collection.generate(folder, items=items, seed=seed, progress=lambda n, of: tell("collection", n, of))
        except ValueError as error:
            raise _refused(error) from error
    typer.echo(f"{items} files in {folder}.")


@app.command()
def facts(
    folder: Annotated[Path, typer.Argument(help="Where to put them; it is made, and may hold older ones.")],
) -> None:
    """Write what a trained analyst records of each glyph of the practice pictures, a JSON file a glyph.

    `openhotline law explain --facts FOLDER` then says of each what the law of a place makes of it, and why.
    """
    folder.mkdir(parents=True, exist_ok=True)
    glyphs = load().glyphs
    for code, glyph in glyphs.items():
        (folder / f"{code}.json").write_text(json.dumps(glyph.facts, indent=2) + "\n", encoding="utf-8")
    typer.echo(f"The facts of {len(glyphs)} glyphs are in {folder}.")


@app.command()
def run(
    items: Annotated[int, typer.Option(min=20, help="How many files are found.")] = 300,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    analysts: Annotated[int, typer.Option(min=1, max=200, help="How many scripted analysts work.")] = 12,
    error_rate: Annotated[float, typer.Option(min=0, max=1, help="Share of opinions that are wrong.")] = 0.03,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same run.")] = 1,
    var: Annotated[Path | None, typer.Option(help="Data folder to keep; else a temporary one.")] = None,
    report: Annotated[Path | None, typer.Option(help="Also write the table to this file, as markdown.")] = None,
    child: Child = False,
) -> None:
    """Play the whole journey with scripted analysts, from found files to the numbers, and compare with the truth.

    Ends with 0 when the audit log is whole. PRACTICE - NOT FINDINGS.
    """
    if child:
        end_with_parent()
    if var is None or var.resolve() != settings.VAR:
        raise typer.Exit(_elsewhere(items, as_json, analysts, error_rate, seed, var, report))
    call_command("migrate", verbosity=0)
    plan = Plan(settings.VAR, items, seed=seed, analysts=analysts, error_rate=error_rate)
    with stopped_by_signals(), at_desk(), bars(Console(stderr=True)) as tell:
        try:
            result = play(plan, tick=connected(), tell=tell)
        except (ValueError, OSError, Misconfigured) as error:
            raise _refused(error) from error
        _print(result, as_json=as_json, report=report)
        raise typer.Exit(0 if result["audit_verified"] else 1)
    raise typer.Exit(130)


def _print(result: dict[str, object], *, as_json: bool, report: Path | None) -> None:
    if report is not None:
        report.write_text(markdown(result), encoding="utf-8")
    if as_json:
        typer.echo(json.dumps(result, indent=2))
    else:
        show(result, Console())


def _elsewhere(
    items: int, as_json: bool, analysts: int, error_rate: float, seed: int, var: Path | None, report: Path | None
) -> int:
    """Run the same command again with its own data folder and ports: settings are read once, at the start."""
    with tempfile.TemporaryDirectory(prefix="openhotline-practice-") as passing:
        folder = (var or Path(passing)).resolve()
        arguments = ["practice", "run", "--items", str(items), "--analysts", str(analysts), "--seed", str(seed)]
        arguments += ["--error-rate", str(error_rate), "--var", str(folder), *(["--json"] if as_json else [])]
        arguments += ["--report", str(report.resolve())] if report else []
        return run_again(arguments, _alone(folder))


def _alone(folder: Path) -> dict[str, str]:
    """Return the environment of a run that shares nothing with the installation it was started from."""
    web, mail, rdap = free_ports(3)
    return {
        "OPENHOTLINE_VAR": str(folder),
        "OPENHOTLINE_DATABASE_URL": f"sqlite:///{folder}/db/openhotline.sqlite3",
        "OPENHOTLINE_SITE_PORT": str(web),
        "OPENHOTLINE_MAIL_HOST": "127.0.0.1",
        "OPENHOTLINE_MAIL_PORT": str(mail),
        "OPENHOTLINE_RDAP_PORT": str(rdap),
        "OPENHOTLINE_RDAP": "",
        "OPENHOTLINE_POLICE_KEY": "",
    }


@app.command()
def site(child: Child = False) -> None:
    """Serve the practice web site, the provider's mail server and the registry on loopback, until stopped."""
    if child:
        end_with_parent()
    folder = Path(settings.VAR) / "practice"
    if not (folder / "collection" / "manifest.jsonl").exists():
        raise _refused(f"There is no collection in {folder / 'collection'}. Make one: openhotline practice generate.")
    try:
        servers = Site(folder / "collection", folder / "site", site_ports())
    except OSError as error:
        raise _refused(f"The practice site cannot listen on its ports {site_ports()}: {error}.") from error
    with stopped_by_signals(), servers:
        if not child:
            typer.echo(f"The practice site is on {servers.origin}; Ctrl-C stops it.")
        while True:
            time.sleep(3600)


@app.command()
def serve(
    items: Annotated[int, typer.Option(min=40, help="How many files the collection has.")] = 300,
    port: Annotated[int, typer.Option(min=1024, max=65535, help="Where the hotline's own site listens.")] = 8000,
) -> None:
    """Set everything up and start it: the hotline's site, the worker, the practice site and its servers.

    A second call continues where the first one was stopped.
    """
    try:
        with at_desk():
            start(items=items, port=port, console=Console())
    except (Misconfigured, ValueError, RuntimeError) as error:
        raise _refused(error) from error


def _refused(why: object) -> typer.Exit:
    typer.echo(str(why), err=True)
    return typer.Exit(2)
