"""The key of an earlier epoch is destroyed once it wraps nothing."""

from datetime import datetime

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.core import keys, offline
from openhotline.core.datakeys import data_keys
from openhotline.evidence.services.begin_key_work import begin_key_work
from openhotline.evidence.states import Work


def retire_epoch(*, key_work_id: int, actor: Person, now: datetime) -> int:
    """Destroy the approved epoch's key and seal the others anew for the custodians; return its number.

    From then on no backup of the key store that was made before the rotation opens anything: that is the point, and
    the reason to back the key store up first. Running processes forget the key when they end. Done twice is done
    once. Raises NotAllowed, NotApproved, and NotNow while the epoch is current or wraps a key.
    """
    store = data_keys()
    with begin_key_work(key_work_id=key_work_id, kind=Work.RETIRE_EPOCH, actor=actor, now=now) as work:
        number = int(work.detail["number"])
        if work.done_at is not None:
            return number
        store.retire_epoch(number)
        name = keys.epoch_name(number)
        if offline.custodians_of(store.folder) is not None:
            offline.wrap(store.folder, now=now, leave_out=name)
        keys.destroy(store.folder / name)
        record(actor=actor.public_id, action="epoch_retired", subject=work.public_id, now=now, detail={"epoch": number})
    return number
