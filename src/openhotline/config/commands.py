"""``openhotline database``: the roles of doors. ``openhotline announcements``: those that were given up."""

import json
from enum import StrEnum
from typing import Annotated, NoReturn

import typer
from django.db import connection, transaction

from openhotline.accounts.models import Person
from openhotline.config.announcements import take_up_again
from openhotline.config.database_rights import statements
from openhotline.core.clock import now
from openhotline.core.errors import Refusal
from openhotline.core.events import ATTEMPTS, given_up


class Door(StrEnum):
    """The doors that have rights of their own."""

    PUBLIC = "public"
    MEDIA = "media"
    MEMBERS = "members"


announcements_app = typer.Typer(
    help="What a stage announced and no step took, though it was tried for more than an hour.", no_args_is_help=True
)
app = typer.Typer(help="Roles in PostgreSQL, so that a door may do there what it needs and nothing else.")


@app.callback()
def group() -> None:
    """Keep `grants` a command of its own, as long as it is the only one."""


@app.command("grants")
def grants_command(
    role: Annotated[str, typer.Option(help="The role that this door alone connects as. It has to be there.")],
    door: Annotated[Door, typer.Option(help="Which door's role it is.")] = Door.PUBLIC,
    apply: Annotated[bool, typer.Option("--apply", help="Run them over the present connection, as the owner.")] = False,
) -> None:
    """Print (or run) the SQL that gives a PostgreSQL role what a door needs, and takes all else from it.

    Run it again after every migration. Ends with 0, or with 2 and the reason.
    """
    try:
        said = statements(role, door)
    except Refusal as refusal:
        _refuse(str(refusal))
    if apply:
        if connection.vendor != "postgresql":
            _refuse(f"Roles are PostgreSQL's; this database is {connection.vendor}.")
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in said:
                cursor.execute(statement)
    typer.echo("\n".join(said))


@announcements_app.command("status")
def announcements_status(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List what was given up and which steps lack; the log in $VAR/log says why. Ends with 1 when there is any."""
    found = given_up()
    if as_json:
        lines = [{"key": one.key, "kind": one.kind, "at": one.at.isoformat(), "steps": one.steps} for one in found]
        typer.echo(json.dumps({"given_up": lines}))
    else:
        for one in found:
            typer.echo(f"{one.key}: {one.kind} of {one.at:%Y-%m-%d %H:%M} UTC, not taken by: {', '.join(one.steps)}")
        typer.echo(f"{len(found)} announcements were given up after {ATTEMPTS} attempts.")
    raise typer.Exit(1 if found else 0)


@announcements_app.command("again")
def announcements_again(by: Annotated[str, typer.Option("--by", help="The name you sign in with.")]) -> None:
    """Have what was given up delivered again, once its cause is mended. Ends with 0, or with 2 and the reason.

    A step that took an announcement before does not take it twice.
    """
    person = Person.objects.filter(username=by, is_active=True).first()
    if person is None:
        _refuse(f"Nobody signs in as {by!r}.")
    typer.echo(f"{take_up_again(actor=person.public_id, now=now())} announcements are delivered again.")


def _refuse(reason: str) -> NoReturn:
    typer.echo(reason, err=True)
    raise typer.Exit(2)
