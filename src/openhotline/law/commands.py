"""`openhotline law …`: see what the law says of facts, without a database."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from openhotline.core.errors import Misconfigured, Refusal
from openhotline.law import queries
from openhotline.law.errors import FactsInvalid
from openhotline.law.models import Facts, Outcome
from openhotline.law.services.derive import derive

app = typer.Typer(name="law", help="Legal rules as dated data.", no_args_is_help=True)


@app.callback()
def law() -> None:
    """Legal rules as dated data: what they say of recorded facts, and why."""


@app.command()
def explain(
    jurisdiction: Annotated[str, typer.Option(help="GB-EAW, GB-SCT or GB-NIR; GB shows all three apart.")],
    on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day whose law counts.")],
    facts: Annotated[Path, typer.Option(help='A JSON file such as {"content_kind": "image"}; the rest is open.')],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show what the law says of the facts in a file, rule by rule.

    Ends with 0 when an outcome was derived, "not determined" included, and with 2 when the input was refused.
    """
    try:
        recorded = _read(facts)
        places = queries.jurisdictions(jurisdiction)
        outcomes = [derive(recorded, jurisdiction=place, as_of=on.date()) for place in places]
    except (Refusal, Misconfigured) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    if as_json:
        document = {"facts": recorded.to_dict(), "outcomes": [outcome.to_dict() for outcome in outcomes]}
        typer.echo(json.dumps(document, indent=2))
    else:
        typer.echo("\n\n".join(_page(outcome) for outcome in outcomes))


def _read(path: Path) -> Facts:
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise FactsInvalid(f"The facts file {path} cannot be read: {error}. Give a JSON file.") from error
    if not isinstance(content, dict):
        raise FactsInvalid(f"The facts file {path} must hold one JSON object of names and values.")
    return Facts.from_dict(content)


def _page(outcome: Outcome) -> str:
    criminal = {True: "yes", False: "no", None: "not determined"}[outcome.criminal]
    lines = [
        f"{outcome.jurisdiction} on {outcome.as_of}: {outcome.kind}",
        f"  criminal: {criminal}   category: {outcome.category or '-'}   rules: {outcome.law_version}",
        *(f"  under {provision}" for provision in outcome.provisions),
        *(f"  note: {note}" for note in outcome.notes),
    ]
    if outcome.missing:
        lines.append(f"  open facts that would help: {', '.join(outcome.missing)}")
    for step in outcome.trace:
        lines.append(f"  {step.provision} [{step.rule_id}]: {step.result if step.applied else 'not applied'}")
        lines.append(f"    {step.standing}")
        lines.extend(f"    {reason}" for reason in step.reasons)
    return "\n".join(lines)
