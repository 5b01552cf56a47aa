"""The key store is copied, apart from every other backup."""

from datetime import datetime
from pathlib import Path

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.datakeys import FILE, DataKeys, data_keys
from openhotline.core.errors import NotNow


def back_up_keys(*, folder: Path, actor: str, now: datetime) -> int:
    """Copy wrapped data keys and tombstones into a new folder, while others write; return how many keys.

    Without the epoch keys, which are sealed for the custodians, the copy opens nothing. Raises NotNow
    where the folder holds a copy already.
    """
    if (folder / FILE).exists():
        raise NotNow(f"There is a copy of the key store in {folder} already. Give a new folder.")
    data_keys().copy_to(folder / FILE)
    copied = DataKeys(folder).count()
    with transaction.atomic():
        record(actor=actor, action="key_store_backed_up", subject="data_keys", now=now, detail={"keys": copied})
    return copied
