"""``openhotline audit …``."""

import json

import typer
from rich.console import Console

from openhotline.audit.services.seal import seal
from openhotline.audit.services.verify import verify
from openhotline.core.clock import now

app = typer.Typer(help="The append-only log: verify it, sign its head.", no_args_is_help=True)


@app.command("verify")
def verify_command(as_json: bool = typer.Option(False, "--json", help="Print one JSON object.")) -> None:
    """Recompute the whole log and name every record that was touched. Exit code 1 when one was."""
    found = verify()
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "ok": found.ok,
                    "records": found.records,
                    "unsealed": found.unsealed,
                    "checkpoints": found.checkpoints,
                    "faults": found.faults,
                }
            )
        )
    else:
        console = Console()
        for fault in found.faults:
            console.print(fault)
        console.print(
            f"{found.records} records, {found.checkpoints} signed checkpoints, {found.unsealed} not yet sealed: "
            + ("the log is whole." if found.ok else "THE LOG WAS TOUCHED.")
        )
    raise typer.Exit(0 if found.ok else 1)


@app.command("checkpoint")
def checkpoint_command() -> None:
    """Bring new records into the tree and print the signed head, to be kept somewhere else."""
    head = seal(now=now())
    typer.echo(
        "Nothing new since the last checkpoint."
        if head is None
        else f"openhotline audit\n{head.size}\n{head.root}\n{head.signature}"
    )
