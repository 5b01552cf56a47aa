"""Two custodians bring the keys back."""

import json
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.db import connection, transaction

from openhotline.audit.models import Record
from openhotline.audit.services.record import record
from openhotline.core import keys, offline
from openhotline.core.custodians import open_sealed
from openhotline.core.datakeys import data_keys
from openhotline.core.errors import Misconfigured, NotNow
from openhotline.evidence.models import Item

ACTOR = "two_custodians"


def recover_keys(
    *, sealed: bytes, identities: Sequence[str], now: datetime, replace: bool = False, actor: str = ACTOR
) -> list[str]:
    """Write the keys of a sealed set into ``$VAR/keys`` and return the names of those that were not there.

    ``replace`` writes over keys that an installation without any evidence has just made for itself. Recorded in the
    log; where there is no log yet, the note in ``recovered.json`` is recorded by the restore. Raises
    CustodianRefused, NotNow, Misconfigured.
    """
    found = open_sealed(sealed, identities)
    # Two custodians are the two people; the note stands before any key does, and the log gets it from there.
    store = data_keys()
    if replace:
        _check_empty()
        store.path.unlink(missing_ok=True)
    note = store.folder / offline.RECOVERED
    told = {"at": now.isoformat(), "keys": len(found), "sealed_sha256": sha256(sealed).hexdigest()}
    note.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    note.write_text(json.dumps(told), encoding="utf-8")
    try:
        written = keys.put_back(store.folder, found, replace=replace)
    except Misconfigured:
        note.unlink()
        raise
    note.write_text(json.dumps(told | {"keys": len(written)}), encoding="utf-8")
    record_recovery(actor=actor, now=now)
    return written


def record_recovery(*, actor: str, now: datetime) -> bool:
    """Bring the note of a recovery into the log and remove it; say whether there was one and there is a log."""
    path = data_keys().folder / offline.RECOVERED
    if not path.exists() or not _has_table(Record._meta.db_table):
        return False
    note = json.loads(path.read_text(encoding="utf-8"))
    with transaction.atomic():
        record(
            actor=actor,
            action="keys_recovered",
            subject="keys",
            now=now,
            detail={"keys": note["keys"], "sealed": note["sealed_sha256"], "at": note["at"]},
        )
    path.unlink()
    return True


def _check_empty() -> None:
    """Raise NotNow when a key here opens something."""
    store = data_keys()
    held = store.path.exists() and (any(epoch.keys for epoch in store.epochs()) or store.tombstones())
    if held or (_has_table(Item._meta.db_table) and Item.objects.exists()):
        raise NotNow(
            f"There is evidence here already, under the keys in {Path(store.folder)}. Keys are only replaced in an "
            "installation without any; without --replace, what is missing is put back."
        )


def _has_table(name: str) -> bool:
    return name in connection.introspection.table_names()
