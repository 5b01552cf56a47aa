"""A new epoch key becomes the current one; rotation then wraps the data keys by it."""

import secrets
from datetime import datetime

from django.conf import settings

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.core import keys, offline
from openhotline.core.datakeys import data_keys
from openhotline.core.errors import Misconfigured
from openhotline.evidence.services.begin_key_work import begin_key_work
from openhotline.evidence.states import Work


def begin_epoch(*, key_work_id: int, actor: Person, now: datetime) -> int:
    """Make the approved epoch and return its number. Done twice is done once; interrupted, it can be done again.

    The new key is sealed for the custodians before anything is wrapped by it, so that none is ever lost with this
    machine. Raises NotAllowed, NotApproved, and Misconfigured in production where no custodians are named.
    """
    store = data_keys()
    with begin_key_work(key_work_id=key_work_id, kind=Work.BEGIN_EPOCH, actor=actor, now=now) as work:
        number = int(work.detail["number"])
        if work.done_at is not None:
            return number
        name = keys.epoch_name(number)
        known = (store.folder / name).exists()
        content = (store.folder / name).read_bytes() if known else secrets.token_bytes(keys.LENGTH)
        if offline.custodians_of(store.folder) is not None:
            offline.wrap(store.folder, now=now, more={name: content})
        elif not settings.PRACTICE:
            raise Misconfigured("No custodians are named, so a new key could be lost: `openhotline key custodians`.")
        keys.make_epoch(store.folder, number, content)
        store.begin_epoch(number)
        record(actor=actor.public_id, action="epoch_begun", subject=work.public_id, now=now, detail={"epoch": number})
    return number
