"""``openhotline retention …``."""

import json
from datetime import UTC, datetime
from typing import Annotated, NoReturn

import typer

from openhotline.accounts.models import Person
from openhotline.core.clock import now
from openhotline.core.errors import Misconfigured, Missing, Refusal
from openhotline.retention import queries
from openhotline.retention.policies import gone_of
from openhotline.retention.services.lift_hold import lift_hold
from openhotline.retention.services.place_hold import place_hold
from openhotline.retention.states import HoldCause

REFUSED = 2

app = typer.Typer(help="How long records are kept, and legal holds.", no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
By = Annotated[str, typer.Option("--by", help="The name you sign in with.")]


@app.command("table")
def table_command(as_json: AsJson = False) -> None:
    """Print how long each kind of record is kept, why, and how it ends. Ends with 2 when the table is not right."""
    try:
        classes = queries.record_classes()
    except Misconfigured as error:
        _refuse(error)
    if as_json:
        typer.echo(json.dumps([vars(one) for one in classes.values()]))
        return
    for one in classes.values():
        days = f"{one.days} days after: {one.counted_from}" if one.days else "without an end"
        typer.echo(
            f"{one.name} ({one.whose}; {one.end}): {days}\n    {one.what}.\n    {one.why}. Basis: {one.legal_basis}"
        )


@app.command("holds")
def holds_command(as_json: AsJson = False) -> None:
    """Print the legal holds in force, with their references."""
    rows = queries.holds(now())
    if as_json:
        typer.echo(json.dumps([_hold(row) for row in rows]))
        return
    for row in rows:
        typer.echo(f"{row.public_id}  {row.subject}  {row.cause}  until {row.until:%Y-%m-%d}  {row.reference}")
    typer.echo(f"{len(rows)} holds in force.")


@app.command("hold")
def hold_command(
    subject: Annotated[str, typer.Argument(help="The report (rep_…) or item (itm_…) that must be kept.")],
    cause: Annotated[HoldCause, typer.Option(help="Who asks for it.")],
    reference: Annotated[str, typer.Option(help="File number or the like. Kept encrypted, in no log.")],
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day until which it must be kept.")],
    by: By,
) -> None:
    """Place a legal hold. Ends with 0 and its name, or with 2 and the reason."""
    try:
        person = _person(by)
        row = place_hold(
            subject=subject,
            cause=cause,
            reference=reference,
            until=until.replace(tzinfo=UTC),
            actor=person.public_id,
            now=now(),
        )
    except Refusal as refusal:
        _refuse(refusal)
    typer.echo(f"{row.public_id}: {row.subject} is kept until {row.until:%Y-%m-%d}.")
    if gone := gone_of(row.subject):
        typer.echo(f"{len(gone)} of its items were purged before and are not: {', '.join(gone)}")


@app.command("lift")
def lift_command(hold: Annotated[str, typer.Argument(help="The hold, hld_….")], by: By) -> None:
    """Lift a hold before its end. Ends with 0, or with 2 and the reason."""
    try:
        row = lift_hold(hold=hold, actor=_person(by).public_id, now=now())
    except Refusal as refusal:
        _refuse(refusal)
    typer.echo(f"{row.subject} is not held by {row.public_id} any more.")


def _hold(row: object) -> dict[str, str]:
    fields = ("public_id", "subject", "cause", "reference", "placed_by", "placed_at", "until")
    return {name: str(getattr(row, name)) for name in fields}


def _person(by: str) -> Person:
    person = Person.objects.filter(username=by, is_active=True).first()
    if person is None:
        raise Missing(f"Nobody signs in as {by!r}.")
    return person


def _refuse(error: Exception) -> NoReturn:
    typer.echo(str(error), err=True)
    raise typer.Exit(REFUSED)
