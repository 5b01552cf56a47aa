"""``openhotline notices …``."""

import json
from functools import partial
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from django.conf import settings

from openhotline.accounts.models import Person
from openhotline.accounts.policies import name_of
from openhotline.core.clock import now
from openhotline.core.errors import Misconfigured, Missing, Refusal
from openhotline.removal.models import MailHold, Notice
from openhotline.removal.models.handover_file import opened
from openhotline.removal.queries import progress
from openhotline.removal.queries.complaints import complaints_open
from openhotline.removal.queries.contacts import contacts_waiting
from openhotline.removal.queries.holding import holds_run_out
from openhotline.removal.services.actions_back import actions_back
from openhotline.removal.services.hand_abroad import hand_abroad
from openhotline.removal.services.keep_statements import keep_statements
from openhotline.removal.services.resume_mail import resume_mail
from openhotline.removal.services.take_actions import take_actions
from openhotline.removal.services.take_handover import take_handover

REFUSED = 2

removals = typer.Typer(help="Removals: where they stand, and other hotlines.", no_args_is_help=True)
app = typer.Typer(help="Notices to providers: what waits, and going on after a restore.", no_args_is_help=True)


@app.command()
def status(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False) -> None:
    """Say whether notices are held, and list those that wait. Ends with 1 while they are held, else with 0."""
    hold = MailHold.objects.filter(ended_at=None).first()
    waiting = list(Notice.objects.filter(sent_at=None).order_by("pk").values_list("message_id", flat=True))
    if as_json:
        since = hold.begun_at.isoformat() if hold else None
        typer.echo(json.dumps({"held_since": since, "waiting": waiting}))
    else:
        typer.echo(f"Notices are held since {hold.begun_at:%Y-%m-%d %H:%M} UTC." if hold else "Notices go out.")
        typer.echo(f"{len(waiting)} wait.")
        for message_id in waiting:
            typer.echo(message_id)
    raise typer.Exit(1 if hold else 0)


@app.command()
def resume(
    sent_log: Annotated[Path, typer.Option(help="The mail server's log since the backup; it names what was sent.")],
    by: Annotated[str, typer.Option("--by", help="The name you sign in with.")],
) -> None:
    """Let notices go out again; those that the log names by Message-ID count as sent (docs/operators/backup.md).

    Ends with 0, or with 2 and the reason when it was refused.
    """
    try:
        sent = sent_log.read_text(encoding="utf-8", errors="replace")
        told = resume_mail(sent=sent, actor=_person(by), now=now())
    except (Refusal, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(REFUSED) from error
    typer.echo(f"{told.sent_before} notices had gone out before; {told.to_send} go out now.")


@removals.command("status")
def where_removals_stand(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Count removals by state, and what waits for a person.

    Ends with 1 while a police hold has run out or a complaint is late, else with 0.
    """
    moment = now()
    late = complaints_open().filter(answer_by__lte=moment).count()
    waits = {
        "contacts": contacts_waiting().count(),
        "holds_run_out": holds_run_out(moment).count(),
        "complaints": complaints_open().count(),
        "complaints_late": late,
    }
    found = progress()
    if as_json:
        typer.echo(json.dumps({"by_state": found.by_state, "notices": found.notices, "waits": waits}))
    else:
        for state, many in found.by_state.items():
            typer.echo(f"{many} {state.replace('_', ' ')}")
        typer.echo(f"{found.notices} notices went out.")
        for what, many in waits.items():
            typer.echo(f"{many} {what.replace('_', ' ')}")
    raise typer.Exit(1 if waits["holds_run_out"] or late else 0)


@removals.command("hand-abroad")
def hand_over_abroad(
    country: Annotated[str, typer.Argument(help="Where it is hosted, as two letters: NL.")],
    into: Annotated[Path, typer.Option(help="File to write, sealed to the key of that country's hotline.")],
    by: Annotated[str, typer.Option("--by", help="The name you sign in with.")],
) -> None:
    """Seal what is hosted in a country, and was not noticed yet, for its hotline (docs/operators/removal.md).

    Ends with 0, or with 2 and the reason when it was refused.
    """
    try:
        handed = hand_abroad(country=country, actor=_person(by), now=now(), write=partial(_write_new, into))
    except (Refusal, Misconfigured, OSError) as error:
        _refused(error)
    typer.echo(f"{handed.handover.public_id}: {handed.handover.addresses.count()} addresses, sealed in {into}.")


@removals.command("take-actions")
def take_actions_of_abroad(
    file: Annotated[Path, typer.Argument(help="What the other hotline sent: JSON, or sealed with age.")],
    by: Annotated[str, typer.Option("--by", help="The name you sign in with.")],
    identity: Annotated[Path | None, typer.Option(help="File with the age identity that opens it.")] = None,
) -> None:
    """Keep what the hotline of another country did with addresses that we handed to it.

    Ends with 0, or with 2 and the reason when it was refused.
    """
    try:
        new = take_actions(content=_read(file, identity), actor=_person(by), now=now())
    except (Refusal, OSError, UnicodeDecodeError) as error:
        _refused(error)
    typer.echo(f"{new} actions were new.")


@removals.command("take-handover")
def take_handover_of_abroad(
    file: Annotated[Path, typer.Argument(help="What the other hotline brought: sealed with age to our key, or JSON.")],
    country: Annotated[str, typer.Option("--from", help="Whose hotline brought it, as two letters: NL.")],
    by: Annotated[str, typer.Option("--by", help="The name you sign in with.")],
    identity: Annotated[Path | None, typer.Option(help="File with the age identity that opens it.")] = None,
) -> None:
    """Take in addresses that the hotline of another country handed to us; each becomes a report.

    Ends with 0, or with 2 and the reason when it was refused.
    """
    try:
        content = _read(file, identity)
        handover, is_new = take_handover(content=content, country=country, actor=_person(by), now=now())
    except (Refusal, Misconfigured, OSError, UnicodeDecodeError) as error:
        _refused(error)
    many = handover.addresses.count()
    typer.echo(f"{handover.public_id}: {many} reports{'' if is_new else ', which came before'}.")


@removals.command("actions-back")
def send_actions_back(
    handover: Annotated[str, typer.Argument(help="The handover that came in: hin_….")],
    into: Annotated[Path, typer.Option(help="File to write, sealed to the key of the hotline that made it.")],
    by: Annotated[str, typer.Option("--by", help="The name you sign in with.")],
) -> None:
    """Seal what we did with a handover, for the hotline that made it.

    Ends with 0, or with 2 and the reason when it was refused.
    """
    try:
        actions_back(handover=handover, actor=_person(by), now=now(), write=partial(_write_new, into))
    except (Refusal, Misconfigured, OSError) as error:
        _refused(error)
    typer.echo(f"Sealed in {into}.")


@removals.command("statements")
def statements(
    file: Annotated[Path, typer.Argument(help="Statements of reasons as JSON, one a line.")],
    us: Annotated[
        str | None,
        typer.Option(help="Our name as a trusted flagger, as it stands in source_identity; else the setting's."),
    ] = None,
) -> None:
    """Lay statements of reasons (EU Digital Services Act) beside our notices. Ends with 0, or with 2 and the reason."""
    try:
        with file.open(encoding="utf-8") as lines:
            found = keep_statements(lines=lines, us=us or settings.TRUSTED_FLAGGER, actor=name_of(None), now=now())
    except (Refusal, OSError, UnicodeDecodeError) as error:
        _refused(error)
    typer.echo(f"{found.new} new, {found.before} kept before, {found.others} not about our notices.")


def _read(file: Path, identity: Path | None) -> bytes:
    content = file.read_bytes()
    return opened(content, identity.read_text(encoding="ascii")) if identity is not None else content


def _write_new(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)


def _person(name: str) -> Person:
    person = Person.objects.filter(username=name, is_active=True).first()
    if person is None:
        raise Missing(f"Nobody signs in as {name!r}. Give the name that you use at the desk.")
    return person


def _refused(error: Exception) -> NoReturn:
    typer.echo(str(error), err=True)
    raise typer.Exit(REFUSED) from error
