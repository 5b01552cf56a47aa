"""`fileorigin FILE...`: the open part of the evidence; sealed parts are counted and never printed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from fileorigin.credentials import TrustLists
from fileorigin.evidence import Evidence
from fileorigin.examination import examine
from fileorigin.sentences import describe

app = typer.Typer(add_completion=False)


@app.command()
def read(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Pictures to examine.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    trust: Annotated[Path | None, typer.Option(help="Root certificates (PEM) of trusted signers.")] = None,
) -> None:
    """Say what each FILE tells of its origin, offline. Exit code 0: all read; 2: one or more unreadable."""
    lists = _trust(trust)
    unreadable = False
    for path in files:
        try:
            content = path.read_bytes()
        except OSError as error:
            typer.echo(f"{path}: cannot be read ({error.strerror}); give a file that exists.", err=True)
            unreadable = True
            continue
        evidence = examine(content, trust=lists)
        unreadable |= evidence.format == "unknown"
        _show(path, evidence, as_json=as_json)
    if unreadable:
        raise typer.Exit(2)


def _trust(path: Path | None) -> TrustLists | None:
    if path is None:
        return None
    try:
        return TrustLists(anchors=path.read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        typer.echo(f"{path}: not a readable file of root certificates in PEM.", err=True)
        raise typer.Exit(2) from error


def _show(path: Path, evidence: Evidence, *, as_json: bool) -> None:
    if as_json:
        extra = {"file": str(path), "sealed_parts": len(evidence.sealed), "sentences": describe(evidence)}
        typer.echo(json.dumps(extra | evidence.to_dict()))
        return
    typer.echo(f"{path} ({evidence.format}, {evidence.length} bytes)")
    if evidence.format == "unknown":
        typer.echo("  This is no picture format that is known here: PNG, JPEG, WebP and GIF are read.")
    for sentence in describe(evidence):
        typer.echo(f"  {sentence}")


def main() -> None:
    """Entry point of the `fileorigin` command."""
    app()
