"""``openhotline``: every command in one place."""

import logging
import os
import threading
import time

import django
import typer

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openhotline.config.settings")
django.setup()

from django.conf import settings  # noqa: E402 - the settings are read by setup
from django.core.management import call_command  # noqa: E402
from django.db import close_old_connections  # noqa: E402

from openhotline import journey  # noqa: E402
from openhotline.audit.commands import app as audit_app  # noqa: E402
from openhotline.config.process import end_with_parent  # noqa: E402
from openhotline.core import jobs  # noqa: E402
from openhotline.core.clock import now  # noqa: E402
from openhotline.evidence.commands import backup, key_app, purge_app, restore  # noqa: E402
from openhotline.hashlists.commands import app as list_app  # noqa: E402
from openhotline.intake.commands import app as collection_app  # noqa: E402
from openhotline.law.commands import app as law_app  # noqa: E402
from openhotline.referral.commands import app as referral_app  # noqa: E402
from openhotline.removal.commands import app as notices_app  # noqa: E402

TICK_SECONDS = 2.0
log = logging.getLogger("openhotline.tick")

app = typer.Typer(
    help="The software a hotline runs against child sexual abuse material. Practice mode shows generated shapes only.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
app.add_typer(audit_app, name="audit")
app.add_typer(law_app, name="law")
app.add_typer(collection_app, name="collection")
app.add_typer(list_app, name="list")
app.add_typer(referral_app, name="referral")
app.add_typer(notices_app, name="notices")
app.add_typer(key_app, name="key")
app.add_typer(purge_app, name="purge")
app.command()(backup)
app.command()(restore)
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
    from openhotline.config.serving import Door

    Door(port=port, host=host).run()


@app.command()
def worker(child: bool = ChildOption) -> None:
    """Run background jobs, and what falls due, until stopped."""
    if child:
        end_with_parent()
    # A job that is still marked as running when practice starts belongs to a worker that is gone.
    if settings.PRACTICE and child:
        jobs.sweep(older_than=jobs.NO_TIME)
    threading.Thread(target=_tick_for_ever, daemon=True).start()
    running = jobs.worker(batch=False)
    running.configure_signals()
    running.run()


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


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
