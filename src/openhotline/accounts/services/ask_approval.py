"""The first of two people asks for an approval."""

from datetime import datetime, timedelta

from django.db import transaction

from openhotline.accounts.models import Approval, Person
from openhotline.audit.services.record import record

VALID = timedelta(hours=24)


def ask_approval(*, purpose: str, subject: str, manifest_sha256: str, actor: Person, now: datetime) -> Approval:
    """Open an approval bound to the exact manifest; it expires after 24 hours."""
    with transaction.atomic():
        approval = Approval.objects.create(
            purpose=purpose,
            subject=subject,
            manifest_sha256=manifest_sha256,
            asked_by=actor.public_id,
            asked_at=now,
            expires_at=now + VALID,
        )
        record(actor=actor.public_id, action=f"{purpose}_approval_asked", subject=subject, now=now)
    return approval
