"""``openhotline``: every command in one place."""

import json
import logging
import os
import sys
import threading
import time
from pathlib import Path
from typing import Annotated

import django
import typer

from openhotline.config import deployment
from openhotline.core.errors import Misconfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openhotline.config.settings")
try:
    django.setup()
except Misconfigured as refused:
    deployment.end_before_start(str(refused), sys.argv[1:], os.environ)

from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections

from openhotline import due
from openhotline.accounts.commands import app as people_app
from openhotline.accounts.commands import authority_app
from openhotline.accounts.models import Person
from openhotline.assessment.commands import bases, rederive
from openhotline.audit.commands import app as audit_app
from openhotline.audit.models import SecondPlace
from openhotline.audit.services.record import at_command_line
from openhotline.audit.services.verify import verify
from openhotline.audit.states import Cause
from openhotline.config import acknowledging
from openhotline.config.commands import announcements_app
from openhotline.config.commands import app as database_app
from openhotline.config.process import end_with_parent
from openhotline.core import jobs
from openhotline.core.archive import unfinished
from openhotline.core.clock import now
from openhotline.core.database import wait_for_database
from openhotline.core.errors import Missing, Refusal
from openhotline.core.languages.commands import app as languages_app
from openhotline.endings.commands import due_to_people, end, forget
from openhotline.endings.commands import show as show_ending
from openhotline.evidence.commands import backup, bulk_app, evidence, key_app, purge_app, restore, sweep_app
from openhotline.evidence.commands.answers import in_sentences, wait_for_second
from openhotline.exposure.services.answer_staff import answer_staff
from openhotline.forecast.commands import app as forecast_app
from openhotline.guidance.commands import app as guidance_app
from openhotline.hashlists.commands import app as list_app
from openhotline.hashlists.commands import member_app
from openhotline.intake.commands import collection_app, partner_app
from openhotline.intake.services.answer_reporter import answer_reporter
from openhotline.law.commands import app as law_app
from openhotline.law.errors import RulesInvalid
from openhotline.law.queries import rules
from openhotline.referral.commands import app as referral_app
from openhotline.removal.commands import app as notices_app
from openhotline.removal.commands import removals as removals_app
from openhotline.retention.commands import app as retention_app
from openhotline.statistics.commands import app as report_app

TICK_SECONDS = 2.0
SERVES = frozenset({"serve", "worker"})
# What may run where a restore has begun and not ended: it ends it, or looks.
LOOKS = frozenset({"restore", "key", "audit", "check", "law", "languages", "guidance"})
log = logging.getLogger("openhotline.tick")

app = typer.Typer(
    help="The software a hotline runs against child sexual abuse material. Practice mode shows generated shapes only.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
app.add_typer(audit_app, name="audit")
people_app.command("forget")(forget)
app.add_typer(people_app, name="people")
app.add_typer(authority_app, name="authority")
law_app.command()(rederive)
law_app.command()(bases)
app.add_typer(law_app, name="law")
app.add_typer(guidance_app, name="guidance")
app.add_typer(collection_app, name="collection")
app.add_typer(sweep_app, name="sweep")
app.add_typer(bulk_app, name="bulk")
app.add_typer(partner_app, name="partner")
app.add_typer(list_app, name="list")
app.add_typer(member_app, name="member")
retention_app.command("due")(due_to_people)
retention_app.command("end")(end)
retention_app.command("show")(show_ending)
app.add_typer(retention_app, name="retention")
app.add_typer(referral_app, name="referral")
app.add_typer(notices_app, name="notices")
app.add_typer(report_app, name="report")
app.add_typer(removals_app, name="removals")
app.add_typer(forecast_app, name="forecast")
app.add_typer(key_app, name="key")
app.add_typer(purge_app, name="purge")
app.add_typer(languages_app, name="languages")
app.add_typer(database_app, name="database")
app.add_typer(announcements_app, name="announcements")
audit_app.command()(evidence)
app.command()(backup)
app.command()(restore)
if settings.PRACTICE:
    from openhotline.practice import machinery
    from openhotline.practice.commands import app as practice_app

    machinery.connect(lambda moment: due.tick(now=moment))
    app.add_typer(practice_app, name="practice")


@app.callback()
def begin(context: typer.Context) -> None:
    """Have the log say of a person whom a command names that it did; a door asks for itself who somebody is."""
    if context.invoked_subcommand not in LOOKS and (stands := unfinished.sentence()):
        raise SystemExit(stands)
    if context.invoked_subcommand not in SERVES:
        context.with_resource(at_command_line())


@audit_app.command("acknowledge")
def acknowledge(
    keys: Annotated[list[str], typer.Argument(help="The keys of the faults, as audit verify prints them.")],
    cause: Annotated[Cause, typer.Option(help="What was found out.")],
    by: Annotated[str, typer.Option("--by", help="The name you sign in with.")],
    against: Annotated[Path | None, typer.Option(help="Folder with shipped checkpoints.")] = None,
) -> None:
    """Write into the log that faults are known, so that verification tells new ones apart. Nothing is mended.

    Run it again, with the same keys and cause, once a second person approved it at the desk. Ends with 0 when it is
    written, with 3 when it waits for the second person, with 2 and the reason when it was refused.
    """
    place = against or settings.AUDIT_SHIP
    found = {fault.key: fault for fault in verify(shipped=SecondPlace(place) if place else None).found}
    person = Person.objects.filter(username=by, is_active=True).first()
    unknown = [key for key in keys if key not in found]
    if person is None or unknown:
        who = f"Nobody signs in as {by!r}." if person is None else f"The log has no fault {unknown[0]!r} now."
        typer.echo(f"{who} Verify again: openhotline audit verify.", err=True)
        raise typer.Exit(2)
    faults = [found[key] for key in keys]
    with in_sentences():
        if not acknowledging.acknowledge(faults=faults, cause=cause, actor=person, now=now()):
            wait_for_second(f"Acknowledging {len(keys)} faults", acknowledging.manifest_of(faults, cause))
    typer.echo(f"{len(keys)} acknowledged. They are named as known from now on.")


@retention_app.command("answer-reporter")
def answer_reporter_command(
    words: Annotated[str, typer.Argument(help="The six words of the receipt, in quotes.")],
    by: Annotated[str, typer.Option("--by", help="The name you sign in with.")],
    forget: Annotated[bool, typer.Option("--forget", help="Take away what was told and typed as well.")] = False,
) -> None:
    """Print as JSON what somebody told with the report of a receipt, to answer a request; see the access runbook.

    Ends with 0, or with 2 and the reason.
    """
    try:
        facts = answer_reporter(words=words, forget=forget, actor=_signed_in(by).public_id, now=now())
    except Refusal as refusal:
        typer.echo(str(refusal), err=True)
        raise typer.Exit(2) from None
    told = {
        "report": facts.report.public_id,
        "started": facts.report.started_at.isoformat(),
        "source": facts.report.source,
        "typed": [line.typed for line in facts.lines],
        "told": facts.details,
    }
    typer.echo(json.dumps(told, ensure_ascii=False))


@retention_app.command("answer-staff")
def answer_staff_command(
    name: Annotated[str, typer.Argument(help="The name that the person signs in with.")],
    by: Annotated[str, typer.Option("--by", help="The name you sign in with.")],
) -> None:
    """Print as JSON what is held about somebody who works here: row, looks, alerts, acts. Ends with 0 or 2."""
    try:
        person = Person.objects.filter(username=name).first()
        if person is None:
            raise Missing(f"Nobody has ever signed in as {name!r}.")
        about = answer_staff(person=person, actor=_signed_in(by).public_id, now=now())
    except Refusal as refusal:
        typer.echo(str(refusal), err=True)
        raise typer.Exit(2) from None
    typer.echo(json.dumps(about, default=str, ensure_ascii=False))


def _signed_in(by: str) -> Person:
    person = Person.objects.filter(username=by, is_active=True).first()
    if person is None:
        raise Missing(f"Nobody signs in as {by!r}.")
    return person


ChildOption = typer.Option(False, "--child", help="End when the process that started this one ends.", hidden=True)


@app.command()
def migrate() -> None:
    """Make or update the tables; in practice mode also the keys."""
    call_command("migrate", verbosity=0)
    typer.echo("The database is up to date.")


@app.command()
def serve(port: int = 8000, host: str = "127.0.0.1", child: bool = ChildOption) -> None:
    """Serve the door named by OPENHOTLINE_DOOR until stopped."""
    if child:
        end_with_parent()
    if settings.DOOR == "worker":
        raise SystemExit("OPENHOTLINE_DOOR=worker is no door. Set it to public, desk, media or members.")
    if settings.DOOR in {"desk", "all"}:
        _read_law()
    from openhotline.config.serving import Door

    Door(port=port, host=host).run()


@app.command()
def worker(child: bool = ChildOption) -> None:
    """Run background jobs, and what falls due, until stopped."""
    if child:
        end_with_parent()
    _read_law()
    wait_for_database()
    # A job that is still marked as running when practice starts belongs to a worker that is gone.
    if settings.PRACTICE and child:
        jobs.sweep(older_than=jobs.NO_TIME)
    threading.Thread(target=_tick_for_ever, daemon=True).start()
    with jobs.at_once():
        jobs.run()


def _read_law() -> None:
    # Whoever decides by broken rules would find out at the first decision: the process stops before it.
    try:
        rules()
    except RulesInvalid as broken:
        raise SystemExit(str(broken)) from broken


def _tick_for_ever() -> None:
    while True:
        try:
            due.tick(now=now())
        except Exception:
            # What is due stays due: the next tick tries again, and the log says what stood in the way.
            log.exception("what fell due was not done")
        close_old_connections()
        time.sleep(TICK_SECONDS)


@app.command()
def tick() -> None:
    """Do once what has fallen due: abandoned reports, decisions to publish, re-checks, the log's checkpoint.

    Ends with 0, or with 1 when something failed: the rest was done then.
    """
    try:
        done = due.tick(now=now())
    except ExceptionGroup as failed:
        for error in failed.exceptions:
            typer.echo(f"{type(error).__name__} {' '.join(error.__notes__)}: {error}", err=True)
        raise typer.Exit(1) from failed
    for name, count in done.items():
        typer.echo(f"{name}: {count}")


@app.command()
def check(
    deploy: bool = typer.Option(False, "--deploy", help="Also say what is not safe for production."),
    json_out: bool = typer.Option(False, "--json", help="Print one JSON object: ok, and faults as sentences."),
) -> None:
    """Say what is wrong with this installation, a sentence each. Ends with 1 when there is anything."""
    from openhotline.config import checking

    faults = checking.faults(deploy=deploy)
    if json_out:
        typer.echo(json.dumps({"ok": not faults, "faults": faults}))
    else:
        typer.echo("\n".join(faults) or "Nothing is wrong.")
    if faults:
        raise typer.Exit(1)


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
