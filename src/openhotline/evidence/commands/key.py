"""``openhotline key …``: the runbook is docs/operators/keys.md."""

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from openhotline.accounts.services.withdraw_approval import withdraw_approval
from openhotline.core import keys, offline
from openhotline.core.clock import machine_now, now
from openhotline.core.custodians import CustodianRefused, Custodians
from openhotline.core.datakeys import FILE, data_keys
from openhotline.core.errors import NotNow
from openhotline.evidence.commands.answers import AsJson, By, in_sentences, person_named, wait_for_second
from openhotline.evidence.models import KeyWork
from openhotline.evidence.queries import copies_approved, is_approved, open_key_work
from openhotline.evidence.services.ask_key_work import ask_key_work
from openhotline.evidence.services.back_up_keys import back_up_keys
from openhotline.evidence.services.begin_epoch import begin_epoch
from openhotline.evidence.services.name_custodians import name_custodians
from openhotline.evidence.services.recover_keys import recover_keys
from openhotline.evidence.services.retire_epoch import retire_epoch
from openhotline.evidence.services.rotate_keys import left_to_rotate, rotate_keys
from openhotline.evidence.services.wrap_offline import to_wrap, wrap_offline
from openhotline.evidence.states import MOST_COPY_DAYS, Work

app = typer.Typer(
    help="The keys: begin an epoch, rotate, seal them for three custodians, recover. Runbook: docs/operators/keys.md.",
    no_args_is_help=True,
)


@app.command()
def init() -> None:
    """Make the keys of a new installation in $VAR/keys. Never replaces one; `make run` does this by itself.

    Refused where something lies under the keys: what is missing there was lost, and has to be recovered.
    """
    with in_sentences():
        store = data_keys()
        if store.path.exists() and store.count():
            raise NotNow(
                f"{store.count()} objects lie under the keys in {store.folder}, so none is made anew: a new one would "
                "open nothing. What is missing has to be recovered: `openhotline key recover`."
            )
        made = keys.make_missing(store.folder)
    typer.echo(f"Made {', '.join(made)}." if made else "Every key is there already. Nothing was changed.")


@app.command()
def status(as_json: AsJson = False) -> None:
    """Show the epochs, what is left to rotate, and whether the custodians' sealed files are up to date.

    Ends with 0 when nothing is to be done, with 1 when something is.
    """
    with in_sentences():
        store = data_keys()
        custodians, last = offline.custodians_of(store.folder), offline.wrapped(store.folder)
        told = {
            "epochs": [asdict(epoch) for epoch in store.epochs()],
            "left_to_rotate": left_to_rotate(store),
            "tombstones": len(store.tombstones()),
            "custodians": custodians.digest if custodians else None,
            "wrapped_offline_at": last.at if last else None,
            "offline_up_to_date": offline.is_up_to_date(store.folder),
        }
    if as_json:
        typer.echo(json.dumps(told))
    else:
        _print(told)
    raise typer.Exit(0 if told["offline_up_to_date"] and not told["left_to_rotate"] else 1)


def _print(told: dict[str, object]) -> None:
    console = Console()
    epochs = told["epochs"]
    assert isinstance(epochs, list)
    for epoch in epochs:
        state = "retired" if epoch["retired_at"] else "current" if epoch == epochs[-1] else "earlier"
        lost = "" if epoch["has_file"] or epoch["retired_at"] else "; ITS KEY IS NOT HERE: recover it"
        console.print(f"Epoch {epoch['number']}: {state}, wraps {epoch['keys']} data keys{lost}", highlight=False)
    console.print(f"{told['left_to_rotate']} data keys left to rotate. {told['tombstones']} objects purged.")
    if told["custodians"] is None:
        console.print(
            "No custodians are named: if this machine is lost, so is everything. `openhotline key custodians`"
        )
    elif not told["offline_up_to_date"]:
        console.print("The custodians' sealed files are behind: `openhotline key wrap-offline`")
    else:
        console.print(f"The custodians' sealed files are up to date, of {told['wrapped_offline_at']}.")


@app.command("new-epoch")
def new_epoch(by: By) -> None:
    """Begin the next epoch; run again after a second person approved it, and rotate afterwards.

    Ends with 0 when the epoch was begun, 3 when it waits for the second person, 2 when it was refused.
    """
    with in_sentences():
        number = data_keys().epochs()[-1].number + 1
        work = _agreed(Work.BEGIN_EPOCH, {"number": number}, by, f"Epoch {number}")
        begun = begin_epoch(key_work_id=work.pk, actor=person_named(by), now=now())
    typer.echo(f"Epoch {begun} is current. Now: openhotline key rotate --by {by}")


@app.command()
def rotate(by: By) -> None:
    """Wrap every data key by the current epoch, while the hotline serves. Can be stopped and run again."""
    with in_sentences(), Progress(console=Console(stderr=True)) as bar:
        waiting = left_to_rotate(data_keys())
        line = bar.add_task("wrapping data keys", total=waiting)
        done = rotate_keys(actor=person_named(by), now=now(), tell=lambda count: bar.advance(line, count))
        left = left_to_rotate(data_keys())
    typer.echo(f"{done} data keys were wrapped anew; {left} are left on an earlier epoch.")


@app.command()
def retire(number: Annotated[int, typer.Argument(help="The earlier epoch whose key is destroyed.")], by: By) -> None:
    """Destroy the key of an epoch that wraps nothing any more; run again after a second person approved it.

    Backups of the key store from before the rotation open nothing afterwards. Back the key store up first.
    Ends with 0 when the key was destroyed, 3 when it waits for the second person, 2 when it was refused.
    """
    with in_sentences():
        epoch = next((one for one in data_keys().epochs() if one.number == number), None)
        if epoch is None or epoch.keys or epoch == data_keys().epochs()[-1]:
            raise NotNow(f"Epoch {number} is unknown, current, or still wraps data keys. See `openhotline key status`.")
        work = _agreed(Work.RETIRE_EPOCH, {"number": number}, by, f"Destroying the key of epoch {number}")
        retire_epoch(key_work_id=work.pk, actor=person_named(by), now=now())
    typer.echo(f"The key of epoch {number} is destroyed. Restart every process that may still hold it in memory.")
    typer.echo("Collect the custodians' earlier files and destroy them: they still hold it.")


@app.command()
def custodians(
    recipients: Annotated[list[str], typer.Argument(help="Three age public keys, age1…, one a custodian.")], by: By
) -> None:
    """Name the three custodians; run again after a second person approved them.

    Ends with 0 when they are named and the keys are sealed for them, 3 when it waits, 2 when it was refused.
    """
    with in_sentences():
        named = Custodians(tuple(recipients))
        work = _agreed(Work.NAME_CUSTODIANS, {"recipients": list(named.recipients)}, by, "Naming these custodians")
        name_custodians(key_work_id=work.pk, actor=person_named(by), now=now())
    typer.echo("Three custodians are named, and the keys are sealed for each pair of them in:")
    typer.echo(str(data_keys().folder / offline.FOLDER))


@app.command("wrap-offline")
def wrap(by: By) -> None:
    """Seal all keys anew for each pair of custodians, into $VAR/keys/offline; run again after a second person approved.

    It is agreed on for exactly the keys and the custodians that there are. Copy the three files away.
    Ends with 0 when they are written, 3 when it waits for the second person, 2 when it was refused.
    """
    with in_sentences():
        work = _agreed(Work.WRAP_OFFLINE, to_wrap(), by, "Sealing these keys for these custodians")
        paths = wrap_offline(key_work_id=work.pk, actor=person_named(by), now=now())
    for path in paths:
        typer.echo(str(path))


@app.command()
def recover(
    sealed: Annotated[Path, typer.Argument(help="A sealed file, such as openhotline-keys-1+2.age")],
    identity: Annotated[list[Path], typer.Option(help="A custodian's secret key file. Give it twice: two people.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Write over keys that nothing was sealed with yet.")
    ] = False,
) -> None:
    """Put the keys back, with the secret keys of the two custodians that the file is named after."""
    with in_sentences():
        if len(identity) != 2:
            raise CustodianRefused(
                f"{len(identity)} identities were given; two custodians are needed. Nothing was read."
            )
        secrets = [_secret_in(path) for path in identity]
        written = recover_keys(sealed=sealed.read_bytes(), identities=secrets, now=machine_now(), replace=replace)
    typer.echo(f"Put back {len(written)} keys: {', '.join(written)}." if written else "Every key was there already.")


@app.command("allow-backups")
def allow_backups(
    folder: Annotated[Path, typer.Argument(help="The folder in which copies may be made, apart from other backups.")],
    days: Annotated[int, typer.Option(min=1, max=MOST_COPY_DAYS, help="For how many days from now.")],
    by: By,
) -> None:
    """Let copies of the key store be made below a folder, also by the clock; run again after a second person approved.

    One person ends it before: `openhotline key end-backups`. Ends with 0 when copies may be made, 3 when it waits
    for the second person, 2 when it was refused.
    """
    with in_sentences():
        asked = {"folder": str(folder.resolve()), "days": days}
        what = f"Copying the key store into {folder} for {days} days"
        work = _agreed(Work.COPY_STORE, asked, by, what, until=now() + timedelta(days=days))
        ends = work.asked_at + timedelta(days=days)
    typer.echo(f"Until {ends:%d %B %Y} copies may be made: openhotline key backup {folder / 'NAME'}")


@app.command("end-backups")
def end_backups(
    folder: Annotated[Path, typer.Argument(help="The folder that was allowed.")],
    by: By,
) -> None:
    """Allow no more copies of the key store below a folder, from now on. One person is enough.

    Ends with 0, or with 2 and the reason.
    """
    with in_sentences():
        ended = [
            withdraw_approval(approval_id=one.pk, actor=person_named(by), now=now())
            for one in copies_approved(str(folder.resolve()))
        ]
        if not ended:
            raise NotNow(f"No copies into {folder} are allowed, and none are asked for.")
    typer.echo(f"No copies may be made below {folder} any more.")


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="A folder that does not exist yet, where copies are allowed.")],
) -> None:
    """Copy the key store (wrapped data keys and tombstones, no epoch key) while the hotline serves.

    Two people allow it beforehand, for a folder and some days: `openhotline key allow-backups`. Keep such
    copies short: what was purged is in those made before. docs/operators/backup.md says how short.
    """
    with in_sentences():
        copied = back_up_keys(folder=folder, actor="step:key_backup", now=now())
    typer.echo(f"{copied} data keys are copied to {folder / FILE}. Keep it at most 7 days, and apart.")


def _secret_in(path: Path) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((line.strip() for line in lines if line.startswith("AGE-SECRET-KEY-")), "")


def _agreed(work: Work, detail: dict[str, object], by: str, what: str, until: datetime | None = None) -> KeyWork:
    """Return the work once two people agreed on it; ask where nobody has, and end with 3 while it waits."""
    person = person_named(by)
    row = open_key_work(work, detail, now())
    row = row or ask_key_work(work=work, detail=detail, actor=person, now=now(), until=until)
    if not is_approved(row):
        wait_for_second(what, row.manifest_sha256)
    return row
