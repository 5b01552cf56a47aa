"""The key store is copied, apart from every other backup, to where two people allowed it."""

from datetime import datetime
from pathlib import Path

from django.db import transaction

from openhotline.accounts.errors import NotApproved
from openhotline.accounts.services.use_approval import check_usable
from openhotline.accounts.states import Purpose
from openhotline.audit.services.record import record
from openhotline.core.datakeys import FILE, DataKeys, data_keys
from openhotline.core.errors import NotNow
from openhotline.evidence.models import KeyWork
from openhotline.evidence.states import Work


def back_up_keys(*, folder: Path, actor: str, now: datetime, allowed: KeyWork | None = None) -> int:
    """Copy wrapped data keys and tombstones into a new folder, while others write; return how many keys.

    That a copy is made is committed to the log before it is. Without the epoch keys, which are sealed for the
    custodians, the copy opens nothing. ``allowed``: what allows it, where the caller has asked already. Raises
    NotApproved, and NotNow where the folder holds a copy already.
    """
    if (folder / FILE).exists():
        raise NotNow(f"There is a copy of the key store in {folder} already. Give a new folder.")
    allowed = allowed or copies_allowed(folder, now)
    with transaction.atomic(durable=True):
        record(actor=actor, action="key_store_copy_begun", subject=allowed.public_id, now=now)
    data_keys().copy_to(folder / FILE)
    copied = DataKeys(folder).count()
    with transaction.atomic():
        record(actor=actor, action="key_store_backed_up", subject=allowed.public_id, now=now, detail={"keys": copied})
    return copied


def copies_allowed(folder: Path, now: datetime) -> KeyWork:
    """Return what two people agreed on that allows a copy of the key store into this folder now. Raises NotApproved.

    It stands until its day, for as many copies as the clock makes below the folder it names, and ends when it is
    withdrawn, or when one of the two may no longer sign.
    """
    said = f"Nobody allowed copies of the key store into {folder}. Ask: `openhotline key allow-backups`."
    places = {str(place) for place in (folder.resolve(), *folder.resolve().parents)}
    for work in KeyWork.objects.filter(work=Work.COPY_STORE).order_by("-pk"):
        if work.detail["folder"] not in places:
            continue
        try:
            check_usable(purpose=Purpose.KEY, subject=work.public_id, manifest_sha256=work.manifest_sha256, now=now)
        except NotApproved as missing:
            said = str(missing)
        else:
            return work
    raise NotApproved(said)
