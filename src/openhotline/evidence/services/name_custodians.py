"""Three people outside the machine are named who can recover its keys, any two of them together."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.accounts.services.use_approval import use_approval
from openhotline.accounts.states import Purpose
from openhotline.audit.services.record import record
from openhotline.core import offline
from openhotline.core.custodians import Custodians
from openhotline.core.datakeys import data_keys
from openhotline.evidence.models import KeyWork
from openhotline.evidence.policies import check_keeps_evidence, check_kind
from openhotline.evidence.states import Work


def name_custodians(*, key_work_id: int, actor: Person, now: datetime) -> Custodians:
    """Name the approved custodians and seal all keys for each pair of them; return them. Done twice is done once.

    Earlier custodians keep what they can open with the files they have: collect those. Raises NotAllowed,
    NotApproved, CustodianRefused.
    """
    check_keeps_evidence(actor)
    folder = data_keys().folder
    with transaction.atomic():
        work = KeyWork.objects.select_for_update().get(pk=key_work_id)
        check_kind(work, Work.NAME_CUSTODIANS)
        custodians = Custodians(tuple(work.detail["recipients"]))
        if work.done_at is not None:
            return custodians
        use_approval(
            purpose=Purpose.KEY, subject=work.public_id, manifest_sha256=work.manifest_sha256, actor=actor, now=now
        )
        offline.keep_custodians(folder, custodians)
        offline.wrap(folder, now=now)
        work.done_at = now
        work.save(update_fields=["done_at"])
        record(
            actor=actor.public_id,
            action="custodians_named",
            subject=work.public_id,
            now=now,
            detail={"custodians": custodians.digest},
        )
    return custodians
