"""`fileorigin FILE...`: the open part of the evidence; sealed parts are counted and never printed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from fileorigin.evidence import NOT_CHECKABLE_OFFLINE, Evidence, Finding, Status
from fileorigin.examination import examine
from fileorigin.limits import LIMITS, REASONS, TITLES
from fileorigin.output import written
from fileorigin.sentences import describe
from fileorigin.trust import TrustLists

ALL_READ, NOT_A_PICTURE, WRONG_CALL, READ_IN_PART = 0, 1, 2, 3

_HELP = """Say what each FILE tells of its own origin: signed credentials, marks of generators, marks of a camera.

Works offline: nothing is fetched, nothing is sent. It never says that a picture is real, or that it is made by AI
alone: marks can be forged and removed, and missing marks mean nothing. Prompts, names and thumbnails are counted,
and not printed.

Examples:

  fileorigin picture.png

  fileorigin --json --trust trust-lists/ *.jpg

Exit codes: 0, every file was read to its end; 1, a file is missing or is no picture that can be read here;
2, the command was called wrongly (no file, a trust list that cannot be read); 3, part of a file could not be read,
so that missing marks are not known to be missing.
"""

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(help=_HELP)
def read(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Pictures to examine.", show_default=False)],
    as_json: Annotated[
        bool,
        typer.Option(
            "--json", help="Print one JSON object a file and line; its `evidence` follows evidence.schema.json."
        ),
    ] = False,
    trust: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE|FOLDER",
            help="Root certificates (PEM) of signers to trust; or a folder with anchors.pem and, if wanted, "
            "interim.pem and revoked.txt (a serial number a line).",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Examine files; see `_HELP`."""
    lists = _trust(trust)
    codes = [_examined(path, lists, as_json=as_json) for path in files]
    if NOT_A_PICTURE in codes:
        raise typer.Exit(NOT_A_PICTURE)
    raise typer.Exit(max(codes))


def _examined(path: Path, lists: TrustLists | None, *, as_json: bool) -> int:
    try:
        content = path.read_bytes()
    except OSError as error:
        _say_unread(path, f"cannot be read ({error.strerror}); give a file that exists.", as_json=as_json)
        return NOT_A_PICTURE
    # The edge, where the clock is read: the library is told the time.
    evidence = examine(content, trust=lists, at=datetime.now(UTC))  # noqa: TID251 - the message is of the platform
    _show(path, evidence, as_json=as_json)
    if evidence.of("container")[0].status is Status.UNSUPPORTED:
        return NOT_A_PICTURE
    return READ_IN_PART if any(f.status is Status.ERROR for f in evidence.findings) else ALL_READ


def _say_unread(path: Path, what: str, *, as_json: bool) -> None:
    """A program that reads lines must not take a missing one for a file without marks."""
    if as_json:
        typer.echo(json.dumps({"file": str(path), "error": what}))
    else:
        typer.echo(f"{path}: {what}", err=True)


def _trust(path: Path | None) -> TrustLists | None:
    if path is None:
        return None
    try:
        return TrustLists.from_path(path)
    except ValueError as error:
        typer.echo(f"fileorigin: {error}", err=True)
        raise typer.Exit(WRONG_CALL) from error


def _show(path: Path, evidence: Evidence, *, as_json: bool) -> None:
    if as_json:
        told = {"file": str(path), "sentences": describe(evidence), "sealed_parts": len(evidence.sealed)}
        typer.echo(json.dumps(told | {"evidence": written(evidence)}))
        return
    typer.echo(f"{path} ({evidence.format}, {evidence.length} bytes)")
    if evidence.of("container")[0].status is Status.UNSUPPORTED:
        typer.echo("  Its marks cannot be read here: PNG, JPEG, WebP, GIF, TIFF, HEIF, AVIF and JPEG XL are.")
    for sentence in describe(evidence):
        typer.echo(f"  {sentence}")
    for line in _details(evidence):
        typer.echo(f"    {line}")
    typer.echo(f"  Never readable offline: {', '.join(NOT_CHECKABLE_OFFLINE)}.")


def _details(evidence: Evidence) -> Iterator[str]:
    """A line for each mark that is there, with its limits, and for each check that could not be made."""
    for finding in evidence.findings:
        title = TITLES[finding.check]
        if finding.status is Status.PRESENT and finding.check != "container":
            yield f"{title}: {_facts(finding)}"
            yield f"  {LIMITS[finding.check]}"
        elif finding.status is Status.ERROR:
            yield f"{title}: could not be checked ({_words(finding, 'problems')})."
        elif finding.status is Status.UNSUPPORTED and (reason := REASONS.get(_words(finding, "reason"))):
            yield f"{title}: not checked, as {reason}."


def _facts(finding: Finding) -> str:
    told = [
        f"{name.replace('_', ' ')} {_words(finding, name)}"
        for name, value in finding.values.items()
        if name not in {"sha256", "length", "places"} and value not in {(), False}
    ]
    where = f" at {', '.join(finding.locations)}" if finding.locations else ""
    return (", ".join(told) or "present") + where


def _words(finding: Finding, name: str) -> str:
    value = finding.values.get(name, "")
    if value is True:
        return "yes"
    return " ".join(value) if isinstance(value, tuple) else str(value)


def main() -> None:
    """Entry point of the `fileorigin` command."""
    app()
