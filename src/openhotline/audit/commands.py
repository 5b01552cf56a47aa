"""``openhotline audit …``."""

import json
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.db import connection
from rich.console import Console
from rich.progress import Progress

from openhotline.audit.errors import NoteRefused
from openhotline.audit.models import Checkpoint, SecondPlace
from openhotline.audit.models.grants import grants
from openhotline.audit.models.note import key_text, note_of, read_key
from openhotline.audit.models.proof import check_proof
from openhotline.audit.queries import Verification, consistency_from, proof_of, public_key
from openhotline.audit.services.seal import seal
from openhotline.audit.services.verify import verify
from openhotline.core.clock import now
from openhotline.core.errors import Refusal

TOUCHED, REFUSED = 1, 2

app = typer.Typer(help="The append-only log: verify it, prove a record, sign its head.", no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Key = Annotated[
    str, typer.Option(help="The log's public key as it is kept elsewhere, instead of the one of this installation.")
]


@app.command("verify")
def verify_command(
    against: Annotated[
        Path | None, typer.Option(help="Folder with shipped checkpoints; else the one of OPENHOTLINE_AUDIT_SHIP.")
    ] = None,
    key: Key = "",
    proof: Annotated[Path | None, typer.Option(help="Check this one proof, as prove prints it, no more.")] = None,
    as_json: AsJson = False,
) -> None:
    """Recompute the whole log, compare it with what was shipped, and name every record that was touched.

    Ends with 0 when it is whole (or the proof holds), with 1 when something was touched, with 2 when asked wrongly.
    """
    with_key = _key(key)
    if proof is not None:
        _check(proof, with_key, as_json=as_json)
        return
    place = _place(against)
    found = _verified(place, with_key, silent=as_json or not sys.stderr.isatty())
    if as_json:
        _print(_as_dict(found))
    else:
        _tell(found, place)
    raise typer.Exit(0 if found.ok else TOUCHED)


@app.command("prove")
def prove_command(
    record: Annotated[str, typer.Argument(help="A record's name, aud_…, or a number of records with --since.")],
    since: Annotated[
        bool, typer.Option("--since", help="Prove that the newest checkpoint of its epoch begins with this one.")
    ] = False,
) -> None:
    """Print the proof that a record stands in the log, or that nothing before a checkpoint changed: always as JSON.

    Whoever has the public key (checkpoint --key) checks it with `verify --proof`, without the log. Ends with 2 when
    there is no such record or checkpoint.
    """
    try:
        _print(consistency_from(_number(record)) if since else proof_of(record))
    except Refusal as refusal:
        _refuse(refusal)


@app.command("checkpoint")
def checkpoint_command(
    to: Annotated[Path | None, typer.Option(help="Write it into this folder as well, as shipping does.")] = None,
    key: Annotated[bool, typer.Option("--key", help="Print the public key that verifies checkpoints instead.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring new records into the tree and print the newest signed head, to be kept somewhere else."""
    if key:
        text = key_text(public_key())
        typer.echo(json.dumps({"key": text}) if as_json else text)
        return
    seal(now=now())
    newest = Checkpoint.objects.order_by("-number").first()
    if newest is None:
        _refuse(Refusal("The log is empty: there is nothing to sign yet."))
    note = note_of(newest.head, newest.signature)
    if to is not None:
        SecondPlace(to).keep(newest)
    if as_json:
        _print({"epoch": newest.epoch, "records": newest.size, "root": newest.root, "checkpoint": note})
    else:
        typer.echo(note, nl=False)


@app.command("grants")
def grants_command(
    role: Annotated[str, typer.Option(help="The database role that the service runs under; not the tables' owner.")],
    apply: Annotated[bool, typer.Option("--apply", help="Run them over the present connection, as the owner.")] = False,
) -> None:
    """Print (or run) the SQL that lets a PostgreSQL role read and append to the log and do nothing else to it."""
    try:
        statements = grants(role)
    except Refusal as refusal:
        _refuse(refusal)
    if apply and connection.vendor != "postgresql":
        _refuse(Refusal(f"Roles are PostgreSQL's; this database is {connection.vendor}. Its triggers guard the log."))
    for statement in statements:
        if apply:
            with connection.cursor() as cursor:
                cursor.execute(statement)
        typer.echo(statement)


def _verified(place: SecondPlace | None, key: Ed25519PublicKey, *, silent: bool) -> Verification:
    if silent:
        return verify(shipped=place, key=key)
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("records")
        return verify(
            shipped=place, key=key, tell=lambda done, total: progress.update(task, completed=done, total=total)
        )


def _place(against: Path | None) -> SecondPlace | None:
    folder = against or settings.AUDIT_SHIP
    if against is not None and not against.is_dir():
        _refuse(Refusal(f"{against} is no folder: give the one that checkpoints were shipped to."))
    return None if folder is None else SecondPlace(folder)


def _key(text: str) -> Ed25519PublicKey:
    try:
        return read_key(text) if text else public_key()
    except NoteRefused as refusal:
        _refuse(refusal)


def _check(proof: Path, key: Ed25519PublicKey, *, as_json: bool) -> None:
    try:
        proven = check_proof(proof.read_text("utf-8"), key)
    except OSError as error:
        _refuse(Refusal(f"{proof} cannot be read: {error.strerror}."))
    except (NoteRefused, UnicodeDecodeError) as refusal:
        if as_json:
            _print({"ok": False, "fault": str(refusal)})
        else:
            typer.echo(str(refusal))
        raise typer.Exit(TOUCHED) from None
    under = {"epoch": proven.head.epoch, "records": proven.head.size}
    if as_json:
        _print({"ok": True, "record": proven.record or None, "since": proven.first and proven.first.size} | under)
    elif proven.first:
        typer.echo(f"The checkpoint over {proven.head.size} records begins with the one over {proven.first.size}.")
    else:
        typer.echo(f"This record is in the log, under the checkpoint over {proven.head.size} records:\n{proven.record}")


def _as_dict(found: Verification) -> dict[str, object]:
    return {
        "ok": found.ok,
        "records": found.records,
        "unsealed": found.unsealed,
        "epochs": found.epochs,
        "checkpoints": found.checkpoints,
        "shipped": found.shipped,
        "faults": [{"sentence": one.sentence, "record": one.record, "key": one.key} for one in found.found],
        "known": [{"sentence": one.sentence, "record": one.record, "key": one.key} for one in found.known],
    }


def _tell(found: Verification, place: SecondPlace | None) -> None:
    for fault in found.found:
        typer.echo(f"{fault.sentence}\n    key {fault.key}")
    for fault in found.known:
        typer.echo(f"Known: {fault.sentence}")
    typer.echo(
        f"{found.records} records in {found.epochs} epochs, {found.checkpoints} signed checkpoints, "
        f"{found.shipped} shipped ones compared, {found.unsealed} not yet sealed: "
        + ("the log is whole." if found.ok else "THE LOG WAS TOUCHED.")
    )
    if place is None:
        typer.echo(
            "No shipped checkpoints were compared: a log that was cut, rolled back or computed again as a whole looks "
            "whole. Set OPENHOTLINE_AUDIT_SHIP, or give --against."
        )


def _number(text: str) -> int:
    if not text.isdigit():
        raise Refusal(f"{text!r} is no number of records; --since takes one that a checkpoint covers, such as 1024.")
    return int(text)


def _print(content: object) -> None:
    typer.echo(json.dumps(content, ensure_ascii=False))


def _refuse(error: Exception) -> NoReturn:
    typer.echo(str(error), err=True)
    raise typer.Exit(REFUSED)
