"""Work on the keys that two people agreed on is begun, and brought to its end once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.accounts.services.use_approval import check_usable, use_approval
from openhotline.accounts.states import Purpose
from openhotline.audit.services.record import record
from openhotline.evidence.models import KeyWork
from openhotline.evidence.policies import check_keeps_evidence, check_kind
from openhotline.evidence.states import Work


@contextmanager
def begin_key_work(*, key_work_id: int, kind: Work, actor: Person, now: datetime) -> Iterator[KeyWork]:
    """Hold the work locked in one transaction while the caller does it; then it is done.

    That it begins is committed to the log before, so that no key file is written, or destroyed, without a line even
    if the machine stops there. ``done_at`` is set already where it was done before: then the caller does nothing,
    since done twice is done once. What fails inside leaves it open and approved as it was. Raises NotAllowed,
    NotApproved.
    """
    check_keeps_evidence(actor)
    asked = KeyWork.objects.get(pk=key_work_id)
    check_kind(asked, kind)
    if asked.done_at is None:
        _record_begin(asked, actor, now)
    with transaction.atomic():
        work = KeyWork.objects.select_for_update().get(pk=key_work_id)
        if work.done_at is not None:
            yield work
            return
        use_approval(
            purpose=Purpose.KEY, subject=work.public_id, manifest_sha256=work.manifest_sha256, actor=actor, now=now
        )
        yield work
        work.done_at = now
        work.save(update_fields=["done_at"])


def _record_begin(work: KeyWork, actor: Person, now: datetime) -> None:
    with transaction.atomic(durable=True):
        check_usable(purpose=Purpose.KEY, subject=work.public_id, manifest_sha256=work.manifest_sha256, now=now)
        record(
            actor=actor.public_id,
            action="key_work_begun",
            subject=work.public_id,
            now=now,
            detail={"work": work.work, "manifest": work.manifest_sha256},
        )
