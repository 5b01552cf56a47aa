"""``openhotline partner …``: organisations that report by the API."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Annotated, Any

import typer

from openhotline.core.clock import now
from openhotline.core.errors import Missing, Refusal
from openhotline.intake.models import Partner
from openhotline.intake.queries import PartnerFacts, partners
from openhotline.intake.services.add_partner import add_partner
from openhotline.intake.services.end_partner import end_partner
from openhotline.intake.services.make_partner_key import make_partner_key
from openhotline.intake.services.revoke_partner_key import revoke_partner_key
from openhotline.intake.services.set_webhook import set_webhook
from openhotline.intake.states import REPORTING, Scope

ACTOR = "command:partner"
HOURLY = 1000

app = typer.Typer(help="Organisations that report by the API: keys, and where they are told.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="The partner's name, as `partner list` shows it.")]


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What the organisation is called.")],
    hourly: Annotated[
        int, typer.Option(help="Reports an hour that were agreed; more than that wait in quarantine.")
    ] = HOURLY,
) -> None:
    """Add a partner. It can do nothing before it has a key: openhotline partner key."""
    with _told():
        partner = add_partner(name=name, hourly=hourly, actor=ACTOR, now=now())
        typer.echo(f"{partner.name} is {partner.public_id}.")


@app.command("key")
def make_key(
    name: Name,
    scope: Annotated[list[Scope] | None, typer.Option(help="What for; give it twice for both. Left out: both.")] = None,
    days: Annotated[int, typer.Option(help="After how many days it ends; at most 730.", min=1)] = 365,
) -> None:
    """Make a key and print it, this once: hand it over by a way that nobody else reads."""
    with _told():
        if others := sorted(set(scope or ()) - set(REPORTING)):
            raise Refusal(f"A key for {others[0]} is a member's: openhotline member key makes it, once it is admitted.")
        moment = now()
        ends = moment + timedelta(days=min(days, 10_000))
        key, text = make_partner_key(
            partner=_named(name), scopes=scope or REPORTING, expires_at=ends, actor=ACTOR, now=moment
        )
        typer.echo(f"{text}\n{key.public_id} ends on {ends:%Y-%m-%d}. It is not shown again.")


@app.command()
def revoke(key: Annotated[str, typer.Argument(help="The id of a key, as `partner list` shows it: key_…")]) -> None:
    """Let a key open nothing any more, at once."""
    with _told():
        typer.echo(f"{revoke_partner_key(key=key, actor=ACTOR, now=now()).public_id} opens nothing any more.")


@app.command()
def webhook(
    name: Name,
    address: Annotated[str, typer.Argument(help="Where to tell it, as https://…; left out: tell it no more.")] = "",
) -> None:
    """Tell a partner when the word of a report changes, and print the secret of the signatures, this once."""
    with _told():
        secret = set_webhook(partner=_named(name), address=address, actor=ACTOR, now=now())
        typer.echo(f"{secret}\nIt is not shown again." if secret else f"{name} is told no more.")


@app.command()
def end(name: Name) -> None:
    """End a partner: its keys open nothing any more. What it reported stays."""
    with _told():
        typer.echo(f"{end_partner(partner=_named(name), actor=ACTOR, now=now()).name} has ended as a partner.")


@app.command("list")
def list_command(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON list.")] = False) -> None:
    """List partners with their keys, and whether their webhooks arrive."""
    found = partners(now())
    if as_json:
        typer.echo(json.dumps([_as_data(one) for one in found], indent=2))
        return
    for one in found:
        typer.echo(f"{one.name} ({one.public_id}), {one.hourly} an hour, {one.state}, webhook: {one.webhook}")
        for key in one.keys:
            typer.echo(f"    {key.public_id}  {' '.join(key.scopes)}  {key.state}, ends {key.ends:%Y-%m-%d}")
    if not found:
        typer.echo("There is no partner yet. Add one: openhotline partner add.")


def _as_data(one: PartnerFacts) -> dict[str, Any]:
    keys = [
        {"id": key.public_id, "scopes": key.scopes, "state": key.state, "ends": key.ends.isoformat()}
        for key in one.keys
    ]
    about = {"id": one.public_id, "name": one.name, "hourly": one.hourly, "state": one.state}
    return about | {"webhook": one.webhook, "keys": keys}


def _named(name: str) -> Partner:
    partner = Partner.objects.filter(name=name).first()
    if partner is None:
        raise Missing(f"There is no partner {name!r}. `openhotline partner list` names them.")
    return partner


@contextmanager
def _told() -> Iterator[None]:
    """End with 2 and the sentence of whatever was refused."""
    try:
        yield
    except Refusal as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(2) from None
