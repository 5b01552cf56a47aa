"""``openhotline notices …``."""

import json
from pathlib import Path
from typing import Annotated

import typer

from openhotline.accounts.models import Person
from openhotline.core.clock import now
from openhotline.core.errors import Missing, Refusal
from openhotline.removal.models import MailHold, Notice
from openhotline.removal.services.resume_mail import resume_mail

REFUSED = 2

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
        person = Person.objects.filter(username=by, is_active=True).first()
        if person is None:
            raise Missing(f"Nobody signs in as {by!r}. Give the name that you use at the desk.")
        told = resume_mail(sent=sent_log.read_text(encoding="utf-8", errors="replace"), actor=person, now=now())
    except (Refusal, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(REFUSED) from error
    typer.echo(f"{told.sent_before} notices had gone out before; {told.to_send} go out now.")
