"""From the command line: how the first manager comes in, what an operator does in need, and recorded authorities."""

import json
from datetime import UTC, datetime
from typing import NoReturn

import typer
from django.conf import settings
from django.urls import reverse

from openhotline.accounts.models import Person
from openhotline.accounts.policies import name_of
from openhotline.accounts.queries import everybody, latest_authority
from openhotline.accounts.services.ask_role import ask_role
from openhotline.accounts.services.change_role import change_role
from openhotline.accounts.services.disable_person import disable_person
from openhotline.accounts.services.end_authority import end_authority
from openhotline.accounts.services.invite_again import invite_again
from openhotline.accounts.services.invite_person import invite_person
from openhotline.accounts.services.record_authority import record_authority
from openhotline.accounts.services.record_dates import record_dates
from openhotline.accounts.states import ROLE_NAMES, Role
from openhotline.core.clock import now
from openhotline.core.errors import Refusal

app = typer.Typer(help="Who works here: invite, list, change a role, record dates, disable.", no_args_is_help=True)
authority_app = typer.Typer(help="The recorded authority under which the hotline fetches.", no_args_is_help=True)
Username = typer.Argument(..., help="The name the person signs in with.")
Until = typer.Option(None, formats=["%Y-%m-%d"], help="A day, as 2027-03-31. Left out: nothing is recorded.")


@app.command()
def invite(
    username: str = typer.Argument(..., help="The name to sign in with: letters, digits, hyphens."),
    name: str = typer.Option(..., help="The person's name, as colleagues see it."),
    role: Role = typer.Option(..., help="What the person will be."),
) -> None:
    """Make a link that works once, for three days, and print it. The first manager comes in this way.

    At the desk this takes two people. Here you act alone, and the log says so.
    """
    try:
        _, token = invite_person(
            username=username, name=name, role=role, practice=settings.PRACTICE, actor=None, now=now()
        )
    except Refusal as refused:
        _stop(str(refused))
    typer.echo(_link(token))


@app.command("invite-again")
def invite_anew(username: str = Username) -> None:
    """End everything a person signs in with, and print a new link: for a lost telephone or key."""
    try:
        _, token = invite_again(person_id=_found(username).pk, actor=None, now=now())
    except Refusal as refused:
        _stop(str(refused))
    typer.echo(_link(token))


@app.command("list")
def list_people(json_out: bool = typer.Option(False, "--json", help="Print one JSON object a line.")) -> None:
    """List who works here, with role, state and dates."""
    for person in everybody():
        row = {
            "username": person.username,
            "name": person.name,
            "role": person.role,
            "state": person.state,
            "vetted_until": person.vetted_until.isoformat() if person.vetted_until else None,
            "trained_until": person.trained_until.isoformat() if person.trained_until else None,
        }
        typer.echo(json.dumps(row) if json_out else "  ".join(str(value or "not recorded") for value in row.values()))


@authority_app.command("record")
def record_one(
    scope: str = typer.Option(..., help="What may be fetched, in words."),
    jurisdiction: str = typer.Option(..., help="Whose law it is given under, as GB."),
    approver: str = typer.Option(..., help="Who gave it: an office, never a person's name."),
    until: datetime = typer.Option(..., formats=["%Y-%m-%d"], help="The first day on which it no longer holds."),
) -> None:
    """Record what the hotline may fetch, and until when. Without one it fetches nothing. Ends with 1 if past.

    It takes the place of the one before for good.
    """
    ends = until.replace(tzinfo=UTC)
    if ends <= now():
        _stop(f"{until:%d %B %Y} has passed; give a day that is still to come. Nothing was recorded.")
    made = record_authority(
        scope=scope,
        jurisdiction=jurisdiction,
        approver=approver,
        expires_at=ends,
        practice=settings.PRACTICE,
        actor=name_of(None),
        now=now(),
    )
    typer.echo(f"Recorded {made.public_id}: {scope}, {jurisdiction}, until {until:%d %B %Y}.")


@authority_app.command("end")
def end_one() -> None:
    """Withdraw the recorded authority: nothing more is fetched until another is recorded. Ends with 1 if there is none.

    It does not come back, and neither does an earlier one.
    """
    try:
        ended = end_authority(actor=name_of(None), now=now())
    except Refusal as refused:
        _stop(str(refused))
    typer.echo(f"Ended {ended.public_id}: {ended.scope}, {ended.jurisdiction}. Nothing is fetched any more.")


@authority_app.command("show")
def show_authority() -> None:
    """Print the authority in force. Ends with 1 when there is none: then nothing is fetched."""
    there = latest_authority(now())
    if there is None:
        _stop("No recorded authority is in force, so nothing is fetched. Record one: openhotline authority record")
    typer.echo(
        f"{there.public_id}: {there.scope}, {there.jurisdiction}, by {there.approver}, until {there.expires_at}."
    )


@app.command()
def role(
    username: str = Username,
    to: Role = typer.Option(..., "--to", help="The new role."),
) -> None:
    """Give a person another role; their sessions end with their next request.

    At the desk this takes two people. Here you act alone, and the log says so.
    """
    try:
        change = ask_role(person_id=_found(username).pk, role=to, actor=None, now=now())
        change_role(change_id=change.pk, actor=None, now=now())
    except Refusal as refused:
        _stop(str(refused))
    typer.echo(f"{username} is now: {ROLE_NAMES[to]}.")


@app.command()
def dates(username: str = Username, vetted: datetime | None = Until, trained: datetime | None = Until) -> None:
    """Record until when vetting and training hold. Without both in date nobody assesses, signs or reads reports."""
    record_dates(
        person_id=_found(username).pk,
        vetted_until=vetted.date() if vetted else None,
        trained_until=trained.date() if trained else None,
        actor=None,
        now=now(),
    )
    typer.echo("The dates are recorded.")


@app.command()
def disable(username: str = Username) -> None:
    """Let a person sign in no more; their sessions, links and keys end at once."""
    try:
        disable_person(person_id=_found(username).pk, actor=None, now=now())
    except Refusal as refused:
        _stop(str(refused))
    typer.echo(f"{username} cannot sign in any more.")


def _found(username: str) -> Person:
    person = Person.objects.filter(username=username).first()
    return person or _stop(f"Nobody signs in as “{username}”. `openhotline people list` names everybody.")


def _link(token: str) -> str:
    path = reverse("join", args=[token], urlconf=settings.DOOR_URLCONFS["desk"])
    return f"{settings.ORIGINS['desk'] or 'http://localhost:8000'}{path}"


def _stop(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)
