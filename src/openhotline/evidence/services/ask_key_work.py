"""One person asks for work on the keys; another approves exactly that."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.accounts.services.ask_approval import ask_approval
from openhotline.accounts.states import Purpose
from openhotline.audit.services.record import record
from openhotline.evidence.models import KeyWork
from openhotline.evidence.policies import check_keeps_evidence
from openhotline.evidence.states import Work


def ask_key_work(
    *, work: Work, detail: dict[str, object], actor: Person, now: datetime, until: datetime | None = None
) -> KeyWork:
    """Write down the work and ask for its approval, which holds for 24 hours or ``until``. Raises NotAllowed."""
    check_keeps_evidence(actor)
    with transaction.atomic():
        row = KeyWork.objects.create(work=work, detail=detail, asked_at=now)
        ask_approval(
            purpose=Purpose.KEY,
            subject=row.public_id,
            manifest_sha256=row.manifest_sha256,
            actor=actor,
            now=now,
            until=until,
        )
        record(actor=actor.public_id, action="key_work_asked", subject=row.public_id, now=now, detail={"work": work})
    return row
