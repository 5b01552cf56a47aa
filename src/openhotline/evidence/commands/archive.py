"""``openhotline backup`` and ``openhotline restore``: the runbook is docs/operators/backup.md."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from rich.console import Console
from rich.progress import Progress

from openhotline.audit.models import ChainPlace
from openhotline.core.archive import unfinished
from openhotline.core.archive.errors import ArchiveRefused
from openhotline.core.clock import machine_now, now
from openhotline.evidence.commands.answers import REFUSED, AsJson, in_sentences
from openhotline.evidence.commands.purge import read_certificates
from openhotline.evidence.services.back_up import back_up
from openhotline.evidence.services.restore import restore as bring_back


def backup(
    folder: Annotated[Path, typer.Argument(help="A folder that does not exist yet.")],
    key_store: Annotated[
        Path | None, typer.Option(help="Copy the key store too, into this folder: apart, and kept at most 7 days.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Back up database, sealed files and packages while the hotline serves. Holds no key unless --key-store says where.

    Releases and the index are not in it: they hold hashes in clear and are made anew. Ends with 0, or 2 and the
    reason. Runbook: docs/operators/backup.md.
    """
    with in_sentences(), Progress(console=Console(stderr=True)) as bar:
        line = bar.add_task("copying files", total=None)
        done = back_up(
            folder=folder,
            key_store=key_store,
            actor="step:backup",
            now=now(),
            tell=lambda count: bar.advance(line, count),
        )
    if as_json:
        typer.echo(json.dumps({"folder": str(done.folder), "files": done.files}))
    else:
        typer.echo(f"{done.files} files are backed up in {done.folder}.")
        if key_store is None:
            typer.echo("The key store is not among them: `openhotline key backup` copies it.")


def restore(
    folder: Annotated[Path, typer.Argument(help="A backup.")],
    purged: Annotated[
        list[Path] | None, typer.Option(help="Certificates of purges, one a line: what to purge again.")
    ] = None,
    nothing_purged_since: Annotated[
        bool, typer.Option("--nothing-purged-since", help="Instead: you know that nothing was purged since the backup.")
    ] = False,
    key_store: Annotated[Path | None, typer.Option(help="The folder with the copy of the key store.")] = None,
    without_second_place: Annotated[
        bool,
        typer.Option("--without-second-place", help="Read no certificates in the folder of OPENHOTLINE_AUDIT_SHIP."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring a backup back onto an empty installation that has its keys, purge again, and look whether all is well.

    One that broke off goes on when it is run again; nothing starts before. Afterwards everybody signs in anew, and no
    notice goes out until `openhotline notices resume`. Ends with 0 when all is well, 1 when something is missing, 2 and
    the reason when it was refused or broke off. Runbook: docs/operators/backup.md.
    """
    with _and_what_stands(), in_sentences(), Progress(console=Console(stderr=True)) as bar:
        place = None if without_second_place else settings.AUDIT_SHIP
        shipped = place is not None and ChainPlace(place).newest_count() >= (0, 0)
        if bool(purged) + nothing_purged_since + shipped == 0 or (purged and nothing_purged_since):
            raise ArchiveRefused(
                "Say what was purged since the backup: --purged FILE with the certificates (`openhotline purge "
                "certificates`), or --nothing-purged-since when nothing was. Where OPENHOTLINE_AUDIT_SHIP names "
                "the second place, the certificates there are read."
            )
        line = bar.add_task("checking files", total=None)
        done = bring_back(
            folder=folder,
            certificates=[one for file in purged or [] for one in read_certificates(file)],
            key_store=key_store,
            second_place=place,
            actor="step:restore",
            now=machine_now(),
            tell=lambda count: bar.advance(line, count),
        )
    if as_json:
        typer.echo(json.dumps(asdict(done)))
    else:
        typer.echo(
            f"{done.items} items are back, {done.purged_again} were purged again, {done.opened} opened as a trial."
        )
        for fault in done.faults:
            typer.echo(fault, err=True)
        typer.echo("No notice goes out until you have compared them: `openhotline notices status`.")
        typer.echo("No list goes out until a manager has looked: `openhotline list resume`.")
    raise typer.Exit(1 if done.faults else 0)


@contextmanager
def _and_what_stands() -> Iterator[None]:
    """Say beside why a restore broke off that it has to be gone on with."""
    try:
        yield
    except typer.Exit as ended:
        if ended.exit_code == REFUSED and (stands := unfinished.sentence()):
            typer.echo(stands, err=True)
        raise
