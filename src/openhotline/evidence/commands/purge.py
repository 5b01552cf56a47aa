"""``openhotline purge …``."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from django.conf import settings

from openhotline.accounts.queries import approval_of
from openhotline.accounts.states import UNSIGNED, Purpose
from openhotline.audit.models import ChainPlace
from openhotline.audit.services.ship_taken_back import ship_taken_back
from openhotline.core.clock import now
from openhotline.core.datakeys import data_keys
from openhotline.core.errors import Missing
from openhotline.evidence.commands.answers import REFUSED, AsJson, By, in_sentences, person_named, wait_for_second
from openhotline.evidence.models import Purge
from openhotline.evidence.services.certify_purges import certify_purges
from openhotline.evidence.services.draft_purge import draft_purge
from openhotline.evidence.services.purge_items import names_of, purge_items
from openhotline.evidence.services.replay_purges import CertificateRefused, check_certificate
from openhotline.evidence.states import PurgeReason, PurgeState

app = typer.Typer(
    help="Destroy evidence for good: two people, an exact list, a certificate. Runbook: docs/operators/keys.md.",
    no_args_is_help=True,
)
Name = Annotated[str, typer.Argument(help="The purge's id, prg_…")]


@app.command()
def draft(
    reason: Annotated[PurgeReason, typer.Option(help="Why.")],
    by: By,
    items: Annotated[list[str] | None, typer.Argument(help="Items, itm_….")] = None,
    listed: Annotated[Path | None, typer.Option("--from", help="A file with one item a line.")] = None,
) -> None:
    """Write down exactly what is to be purged and ask a second person. Nothing is purged yet; ends with 3."""
    with in_sentences():
        lines = listed.read_text(encoding="utf-8").split() if listed else []
        purge = draft_purge(names=[*(items or []), *lines], reason=reason, actor=person_named(by), now=now())
    typer.echo(f"{purge.public_id}: {len(purge.names)} items. See them: openhotline purge show {purge.public_id}")
    wait_for_second("The purge", purge.manifest_sha256)


@app.command()
def show(purge: Name, as_json: AsJson = False) -> None:
    """Print what a purge names, its state and its fingerprint."""
    with in_sentences():
        row = _purge(purge)
    if as_json:
        typer.echo(json.dumps({"state": row.state, "sha256": row.manifest_sha256, "manifest": row.manifest}))
        return
    typer.echo(f"{row.public_id}: {row.state}, {row.reason}, {len(row.names)} items, fingerprint {row.manifest_sha256}")
    for one in row.manifest["items"]:
        typer.echo(f"{one['item']}  {one['bytes']} bytes  from {one['case'] or 'nothing'}")


@app.command()
def run(purge: Name, by: By) -> None:
    """Carry out a purge that two people agreed on, and print its certificate. Nobody can take this back.

    Ends with 0 when it is done, 3 when it waits for the second person, 2 when it was refused.
    """
    with in_sentences():
        row, person = _purge(purge), person_named(by)
        approval = approval_of(Purpose.PURGE, row.public_id)
        if row.state == PurgeState.DRAFTED and approval is not None and approval.state in UNSIGNED:
            wait_for_second("The purge", row.manifest_sha256)
        done = purge_items(purge_id=row.pk, actor=person, now=now())
        # At once, not at the worker's next tick: with this machine the certificate must not be lost.
        certify_purges(actor="step:purge", now=now())
        if settings.AUDIT_SHIP is not None:
            ship_taken_back(to=ChainPlace(settings.AUDIT_SHIP))
    typer.echo(json.dumps(done.certificate))


@app.command()
def certificates() -> None:
    """Print every certificate, one JSON object a line. Keep it off this machine: a restore needs the newest one."""
    with in_sentences():
        for row in Purge.objects.filter(state=PurgeState.DONE).order_by("pk"):
            typer.echo(json.dumps(row.certificate))


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="Certificates, one JSON object a line.")], as_json: AsJson = False
) -> None:
    """Check the signatures of certificates, and that no key of their items is left. Ends with 0, else with 2."""
    with in_sentences():
        told = [check_certificate(one) for one in read_certificates(file)]
        names = [name for one in told for name in names_of(one)]
        left = sorted(data_keys().wrapped(names))
    if as_json:
        typer.echo(json.dumps({"certificates": len(told), "items": len(names), "keys_left": left}))
    else:
        typer.echo(f"{len(told)} certificates hold; of {len(names)} items, {len(left)} still have a data key.")
    raise typer.Exit(REFUSED if left else 0)


def read_certificates(file: Path) -> Iterator[Any]:
    """Yield each line's JSON. Raises CertificateRefused, OSError."""
    for place, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            yield json.loads(line)
        except ValueError as error:
            raise CertificateRefused(f"Line {place} of {file} is not JSON; it needs one certificate a line.") from error


def _purge(name: str) -> Purge:
    row = Purge.objects.filter(public_id=name).first()
    if row is None:
        raise Missing(f"There is no purge {name[:40]!r}. Draft one: `openhotline purge draft`.")
    return row
