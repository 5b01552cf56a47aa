"""``openhotline``: every command in one place."""

import json
import logging
import os
import sys
import threading
import time

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

from openhotline import journey
from openhotline.accounts.commands import app as people_app
from openhotline.audit.commands import app as audit_app
from openhotline.config.process import end_with_parent
from openhotline.core import jobs
from openhotline.core.clock import now
from openhotline.hashlists.commands import app as list_app
from openhotline.intake.commands import app as collection_app
from openhotline.law.commands import app as law_app
from openhotline.referral.commands import app as referral_app

TICK_SECONDS = 2.0
log = logging.getLogger("openhotline.tick")

app = typer.Typer(
    help="The software a hotline runs against child sexual abuse material. Practice mode shows generated shapes only.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
app.add_typer(audit_app, name="audit")
app.add_typer(people_app, name="people")
app.add_typer(law_app, name="law")
app.add_typer(collection_app, name="collection")
app.add_typer(list_app, name="list")
app.add_typer(referral_app, name="referral")
if settings.PRACTICE:
    from openhotline.practice import machinery
    from openhotline.practice.commands import app as practice_app

    machinery.connect(lambda moment: journey.tick(now=moment))
    app.add_typer(practice_app, name="practice")

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
    from openhotline.config.serving import Door

    Door(port=port, host=host).run()


@app.command()
def worker(child: bool = ChildOption) -> None:
    """Run background jobs, and what falls due, until stopped."""
    if child:
        end_with_parent()
    jobs.wait_for_database()
    # A job that is still marked as running when practice starts belongs to a worker that is gone.
    if settings.PRACTICE and child:
        jobs.sweep(older_than=jobs.NO_TIME)
    threading.Thread(target=_tick_for_ever, daemon=True).start()
    jobs.run()


def _tick_for_ever() -> None:
    while True:
        try:
            journey.tick(now=now())
        except Exception:
            # What is due stays due: the next tick tries again, and the log says what stood in the way.
            log.exception("what fell due was not done")
        close_old_connections()
        time.sleep(TICK_SECONDS)


@app.command()
def tick() -> None:
    """Do once what has fallen due: abandoned reports, decisions to publish, re-checks, the log's checkpoint."""
    for name, count in journey.tick(now=now()).items():
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
