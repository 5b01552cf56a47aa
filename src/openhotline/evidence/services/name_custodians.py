"""Three people outside the machine are named who can recover its keys, any two of them together."""

from datetime import datetime

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.core import offline
from openhotline.core.custodians import Custodians
from openhotline.core.datakeys import data_keys
from openhotline.evidence.services.begin_key_work import begin_key_work
from openhotline.evidence.states import Work


def name_custodians(*, key_work_id: int, actor: Person, now: datetime) -> Custodians:
    """Name the approved custodians and seal all keys for each pair of them; return them. Done twice is done once.

    Earlier custodians keep what they can open with the files they have: collect those. Raises NotAllowed,
    NotApproved, CustodianRefused.
    """
    folder = data_keys().folder
    with begin_key_work(key_work_id=key_work_id, kind=Work.NAME_CUSTODIANS, actor=actor, now=now) as work:
        custodians = Custodians(tuple(work.detail["recipients"]))
        if work.done_at is not None:
            return custodians
        offline.keep_custodians(folder, custodians)
        offline.wrap(folder, now=now)
        record(
            actor=actor.public_id,
            action="custodians_named",
            subject=work.public_id,
            now=now,
            detail={"custodians": custodians.digest},
        )
    return custodians
