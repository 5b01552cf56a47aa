"""Items are purged; then every copy that somebody could hold is tried on them."""

import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from pyrage import x25519

from faults import acting
from faults.installation import Installation, empty_database
from openhotline.accounts.models import Person
from openhotline.accounts.states import Role
from openhotline.core import blobs, custodians, keys, offline, sealing
from openhotline.core.clock import now
from openhotline.core.custodians import Custodians
from openhotline.core.datakeys import FILE, DataKeys, data_keys
from openhotline.evidence.models import Item, KeyWork, Purge
from openhotline.evidence.queries import binds_original
from openhotline.evidence.services.ask_key_work import ask_key_work
from openhotline.evidence.services.back_up import back_up
from openhotline.evidence.services.begin_epoch import begin_epoch
from openhotline.evidence.services.draft_purge import draft_purge
from openhotline.evidence.services.purge_items import purge_items
from openhotline.evidence.services.retire_epoch import retire_epoch
from openhotline.evidence.services.rotate_keys import rotate_keys
from openhotline.evidence.states import PurgeReason, Work


def measure(folder: Path, purged: int, kept: int, seed: int, *, planted: bool) -> dict[str, Any]:
    """Return of how many purged items each copy still opens once their epoch was retired.

    Apart, as ``window_…``, stands what is known to open: with an older key store until its epoch is retired, and with
    that and a sealed file that custodians had before for as long as anybody keeps it (docs/operators/keys.md).
    """
    acting.people()
    names = acting.fill(purged + kept, seed)[:purged]
    people = _name_custodians()
    earlier = _sealed()
    operator = Person.objects.get(role=Role.OPERATOR)
    acting.allow_copies(str(folder))
    back_up(folder=folder / "before", key_store=folder / "keys-before", actor="drill", now=now())
    wrapped = [one for _, one in data_keys().wrapped(names).values()]
    if planted:
        DataKeys.destroy = lambda *_, **__: 0  # type: ignore[method-assign] # the planted bug
    purge = _purge(names, operator)
    back_up(folder=folder / "after", key_store=folder / "keys-after", actor="drill", now=now())
    window = _opened(names, folder / "before", _keys_with(folder / "keys-before", data_keys().folder, folder / "w"))
    restored = _restored(folder, purge, names)
    _rotate_and_retire(operator)
    live = data_keys().folder
    readable = {
        "live keys, live store": _opened(names, None, live),
        "live keys, objects of the backup before": _opened(names, folder / "before", live),
        "backup and key store after": _opened(
            names, folder / "before", _keys_with(folder / "keys-after", live, folder / "a")
        ),
        "key store before, after its epoch was retired": _opened(
            names, folder / "before", _keys_with(folder / "keys-before", live, folder / "b")
        ),
        "key store before, keys recovered by custodians": _opened(
            names, folder / "before", _recovered(folder / "keys-before", _sealed(), people, folder / "c")
        ),
        "key store after, keys recovered from the custodians' earlier file": _opened(
            names, folder / "before", _recovered(folder / "keys-after", earlier, people, folder / "d")
        ),
        "restored by the runbook, certificates replayed": restored,
        "wrapped keys left in the key store's bytes": _left_in_bytes(wrapped),
    }
    return {
        "purged": purged,
        "readable": sum(readable.values()),
        "of_each": readable,
        "others_unreadable": len(acting.open_all()["closed"]) - purged,  # type: ignore[arg-type] # a list of names
        "window_before_retirement": window,
        "window_of_earlier_custodians_file": _opened(
            names, folder / "before", _recovered(folder / "keys-before", earlier, people, folder / "e")
        ),
    }


def _name_custodians() -> list[x25519.Identity]:
    people = [x25519.Identity.generate() for _ in range(3)]
    offline.keep_custodians(data_keys().folder, Custodians(tuple(str(one.to_public()) for one in people)))
    offline.wrap(data_keys().folder, now=now())
    return people


def _purge(names: list[str], operator: Person) -> Purge:
    drafted = draft_purge(names=names, reason=PurgeReason.RETENTION_ENDED, actor=operator, now=now())
    acting.approve_all()
    return purge_items(purge_id=drafted.pk, actor=operator, now=now())


def _rotate_and_retire(operator: Person) -> None:
    def agreed(work: Work, number: int) -> KeyWork:
        row = ask_key_work(work=work, detail={"number": number}, actor=operator, now=now())
        acting.approve_all()
        return row

    begin_epoch(key_work_id=agreed(Work.BEGIN_EPOCH, 2).pk, actor=operator, now=now())
    rotate_keys(actor=operator, now=now())
    retire_epoch(key_work_id=agreed(Work.RETIRE_EPOCH, 1).pk, actor=operator, now=now())


def _keys_with(copy: Path, epochs: Path, target: Path) -> Path:
    """Return a folder with a copy of the key store and the epoch keys that lie in another."""
    target.mkdir()
    shutil.copy(copy / FILE, target)
    for path in epochs.glob("epoch-*.key"):
        shutil.copy(path, target)
    return target


def _sealed() -> bytes:
    """Return the file that lies sealed for the first two custodians now."""
    return (data_keys().folder / offline.FOLDER / "openhotline-keys-1+2.age").read_bytes()


def _recovered(copy: Path, sealed: bytes, people: list[x25519.Identity], target: Path) -> Path:
    """Return a folder with a copy of the key store and what two custodians recover from their sealed file."""
    target.mkdir()
    shutil.copy(copy / FILE, target)
    keys.put_back(target, custodians.open_sealed(sealed, [str(one) for one in people[:2]]))
    return target


def _opened(names: Iterable[str], backup: Path | None, keys_in: Path) -> int:
    """Return how many of these items open with the keys in a folder, from a backup's objects or the live store."""
    store = blobs.store() if backup is None else blobs.LocalFolder(backup / "blobs")
    rows = {item.public_id: item for item in Item.objects.all()}
    opened = 0
    for name in names:
        try:
            key = DataKeys(keys_in).get(name)
            sealing.unseal(store.get(name), key=key, binds=binds_original(rows[name]))
        except Exception:  # noqa: BLE001 - whatever keeps it from opening is right here
            continue
        opened += 1
    return opened


def _restored(folder: Path, purge: Purge, names: list[str]) -> int:
    """Restore the backup before, with its key store, on an installation of its own, and open what opens."""
    clean = Installation(folder / "clean", empty_database("clean"))
    (clean.var / "keys").mkdir(parents=True)
    for path in Path(settings.VAR, "keys").glob("*.*"):
        if path.suffix in {".key", ".pub"}:
            shutil.copy(path, clean.var / "keys")
    (folder / "certificates").write_text(json.dumps(purge.certificate) + "\n")
    clean.type(
        *("restore", folder / "before", "--key-store", folder / "keys-before", "--purged", folder / "certificates")
    )
    return len(set(names) & set(clean.act("open")["readable"]))


def _left_in_bytes(wrapped: list[bytes]) -> int:
    """Return how many of these wrapped keys stand anywhere in the files of the key store: pages, free ones, log."""
    every = b"".join(path.read_bytes() for path in data_keys().folder.glob(f"{FILE}*"))
    return sum(one in every for one in wrapped)
