"""``openhotline member …``: who may use the hash list."""

import json
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import typer

from openhotline.accounts.errors import NotApproved
from openhotline.accounts.models import Person
from openhotline.core.clock import now
from openhotline.core.errors import Misconfigured, Refusal
from openhotline.hashlists.models import Member, Terms
from openhotline.hashlists.policies import scopes_of
from openhotline.hashlists.queries import members, open_flags, the_member
from openhotline.hashlists.queries.sealed import whose
from openhotline.hashlists.services.admit_member import admit_member
from openhotline.hashlists.services.draft_member import Papers, draft_member
from openhotline.hashlists.services.end_member import end_member
from openhotline.hashlists.services.make_member_key import make_member_key
from openhotline.hashlists.services.set_stage import set_stage
from openhotline.hashlists.services.settle_flag import settle_flag
from openhotline.hashlists.states import CRIMINAL, IdentityCheck, MemberPurpose, Stream
from openhotline.intake.models import Partner
from openhotline.intake.services.add_partner import add_partner
from openhotline.intake.states import Scope

WAITS, REFUSED = 3, 2
HOURLY = 1000

app = typer.Typer(help="Who may use the hash list: terms, keys, flags.", no_args_is_help=True)
By = Annotated[str, typer.Option("--by", help="The name you sign in with.")]
Name = Annotated[str, typer.Argument(help="The member's name or id, as `member list` shows it.")]
MAY = {
    "download": "download",
    "files": "send_files",
    "ids": "see_ids",
    "distances": "see_distances",
    "states": "see_states",
    "addresses": "addresses",
    "self_reported": "self_reported",
}


@app.command()
def draft(
    file: Annotated[Path, typer.Argument(help="What was agreed, as TOML: docs/operators/members.md has an example.")],
    by: By,
) -> None:
    """Write a member and its terms down. A second person approves at the desk; then: openhotline member admit."""
    with _told():
        moment, person, said = now(), _person(by), _agreed(file)
        partner = Partner.objects.filter(name=said.name).first() or add_partner(
            name=said.name, hourly=HOURLY, actor=person.public_id, now=moment
        )
        member = draft_member(
            partner=partner, purpose=said.purpose, papers=said.papers, terms=said.terms, actor=person, now=moment
        )
        typer.echo(f"{member.partner.name} is {member.public_id}. A manager approves it at the desk.")


@dataclass(frozen=True)
class Agreed:
    """What stands in the file."""

    name: str
    purpose: MemberPurpose
    papers: Papers
    terms: Terms


def _agreed(file: Path) -> Agreed:
    """Read a file of what was agreed. Raises Refusal with what is wrong in it."""
    try:
        said = tomllib.loads(file.read_text(encoding="utf-8"))
        may = _allowed(said.pop("may", []))
        agreement = (file.parent / said.pop("agreement")).read_bytes()
        papers = Papers(
            IdentityCheck(said.pop("identity")),
            date.fromisoformat(str(said.pop("identity_checked_on"))),
            sha256(agreement).hexdigest(),
            date.fromisoformat(str(said.pop("agreement_signed_on"))),
        )
        streams = tuple(Stream(one) for one in said.pop("streams", CRIMINAL))
        age_key = str(said.pop("age_key", ""))
        terms = Terms(streams, **may, age_key=age_key, daily=int(said.pop("daily", Terms.daily)))
        agreed = Agreed(str(said.pop("name")), MemberPurpose(said.pop("purpose")), papers, terms)
    except KeyError as error:
        raise Refusal(f"{file.name} does not say {error.args[0]}. docs/operators/members.md has an example.") from error
    except (OSError, ValueError) as error:
        raise Refusal(f"{file.name} cannot be read: {error}. docs/operators/members.md has an example.") from error
    if said:
        raise Refusal(f"{file.name} says {min(said)!r}, which is nothing that can be agreed.")
    return agreed


def _allowed(words: list[str]) -> dict[str, bool]:
    if others := sorted(set(words) - set(MAY)):
        raise ValueError(f"may holds {others[0]!r}; it can hold {', '.join(MAY)}")
    return {MAY[one]: True for one in words}


@app.command()
def admit(name: Name, by: By) -> None:
    """Admit a member whose terms were approved. Ends with 3 while the second person has not."""
    with _told():
        member = admit_member(member=the_member(name), actor=_person(by), now=now())
        typer.echo(f"{member.partner.name} is a member. Give it a key: openhotline member key.")


@app.command("key")
def make_key(
    name: Name,
    by: By,
    scope: Annotated[list[Scope] | None, typer.Option(help="What for; left out: all that was agreed.")] = None,
    days: Annotated[int, typer.Option(help="After how many days it ends; at most 730.", min=1)] = 365,
) -> None:
    """Make a key and print it, this once: hand it over by a way that nobody else reads."""
    with _told():
        moment, member = now(), the_member(name)
        ends = moment + timedelta(days=min(days, 10_000))
        wanted = scope or scopes_of(member.agreed)
        key, text = make_member_key(member=member, scopes=wanted, expires_at=ends, actor=_person(by), now=moment)
        typer.echo(f"{text}\n{key.public_id} ends on {ends:%Y-%m-%d}. It is not shown again.")


@app.command()
def suspend(name: Name, by: By) -> None:
    """Answer a member nothing for now. To come back it is drafted and approved again."""
    with _told():
        end_member(member=the_member(name), actor=_person(by), now=now(), suspend=True)
        typer.echo(f"{name} is answered nothing any more.")


@app.command()
def end(name: Name, by: By) -> None:
    """End a membership. What the partner reported stays, and it may go on reporting."""
    with _told():
        end_member(member=the_member(name), actor=_person(by), now=now())
        typer.echo(f"{name} is a member no more.")


@app.command()
def flags(
    by: Annotated[str, typer.Option("--by", help="The name you sign in with; needed to settle one.")] = "",
    settle: Annotated[str, typer.Option(help="The id of a flag that you looked at: flg_…")] = "",
) -> None:
    """List queries that resemble each other as if somebody felt for where a match begins; or settle one."""
    with _told():
        if settle:
            typer.echo(f"{settle_flag(flag=settle, actor=_person(by), now=now()).public_id} is settled.")
        for one in open_flags():
            at = f"{one.raised_at:%Y-%m-%d %H:%M}"
            typer.echo(f"{one.public_id}  {one.member.partner.name}  about {one.related} related queries, {at}")


@app.command("whose")
def whose_command(file: Annotated[Path, typer.Argument(help="A list that was found somewhere.")]) -> None:
    """Say whose list a file is, by the entries that stand in one member's list alone. Ends with 3 when nobody's."""
    with _told():
        found = list(whose(file.read_text(encoding="utf-8", errors="replace")))
        for one in found:
            typer.echo(f"{one.partner.name} ({one.public_id})")
        if not found:
            typer.echo("No member's own entries stand in it.")
            raise typer.Exit(WAITS)


@app.command()
def stage(
    stream: Annotated[Stream, typer.Argument(help="A stream of the list.")],
    percent: Annotated[int, typer.Argument(help="0 (nothing of it is answered for) to 100.", min=0, max=100)],
    by: By,
) -> None:
    """Let the match service answer for a share of a stream, the same entries every time, to try it before all of it."""
    with _told():
        set_stage(stream=stream, percent=percent, actor=_person(by), now=now())
        typer.echo(f"{percent} % of {stream} is answered for.")


@app.command("list")
def list_command(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON list.")] = False) -> None:
    """List members and what was agreed with them."""
    found = [_as_data(one) for one in members()]
    if as_json:
        typer.echo(json.dumps(found, indent=2))
        return
    for one in found:
        typer.echo(f"{one['name']} ({one['id']}), {one['state']}: {one['purpose']}")
        for line in one["terms"]:
            typer.echo(f"    {line}")
    if not found:
        typer.echo("There is no member yet. Write one down: openhotline member draft.")


def _as_data(one: Member) -> dict[str, Any]:
    return {
        "id": one.public_id,
        "name": one.partner.name,
        "state": one.state,
        "purpose": one.purpose_words,
        "terms": list(one.terms_words),
    }


def _person(name: str) -> Person:
    person = Person.objects.filter(username=name, is_active=True).first()
    if person is None:
        raise Refusal(f"Nobody signs in as {name!r}. Give --by the name of somebody who works here.")
    return person


@contextmanager
def _told() -> Iterator[None]:
    """End with 3 while the second person is waited for, with 2 and the sentence of whatever else was refused."""
    try:
        yield
    except NotApproved as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(WAITS) from None
    except (Refusal, Misconfigured) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(REFUSED) from None
