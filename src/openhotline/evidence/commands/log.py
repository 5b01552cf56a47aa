"""``openhotline audit evidence``: what the rows say of files against what the log has of it."""

import json

import typer

from openhotline.evidence.commands.answers import AsJson
from openhotline.evidence.services.verify_evidence import VerifiedEvidence

TOUCHED = 1


def evidence(as_json: AsJson = False) -> None:
    """Compare the file evidence of every item with the log, and name each item whose evidence was changed behind it.

    Reads only, a few hundred rows at a time. Whether the log itself is whole, `audit verify` says. Ends with 0 when all
    is as it was written, with 1 when something is not.
    """
    reading = VerifiedEvidence()
    if as_json:
        faults = list(reading.differences())
        told = {"ok": not faults, "records": reading.records, "items": reading.items, "before": reading.before}
        told["ended"] = reading.ended
        typer.echo(json.dumps(told | {"faults": faults}))
    else:
        for sentence in reading.differences():
            typer.echo(sentence)
        typer.echo(
            f"{reading.items} items with file evidence, {reading.records} lines of the log that vouch for it: "
            + (f"{reading.faults} DIFFERENCES." if reading.faults else "all is as it was written.")
        )
        if reading.ended:
            typer.echo(
                f"Of {reading.ended} purged items the evidence ended with the retention table, as the log counts."
            )
        if reading.before:
            typer.echo(
                f"Of {reading.before} items the log says nothing each by itself: they were examined before it kept "
                "the digest of every row."
            )
    raise typer.Exit(TOUCHED if reading.faults else 0)
