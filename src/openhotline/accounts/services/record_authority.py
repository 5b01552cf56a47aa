"""An operator records the legal authority the hotline fetches under."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Authority
from openhotline.audit.services.record import record
from openhotline.core.one_at_a_time import one_at_a_time


def record_authority(
    *,
    scope: str,
    jurisdiction: str,
    approver: str,
    expires_at: datetime,
    practice: bool,
    actor: str,
    now: datetime,
) -> Authority:
    """Record under what authority, given by whom and until when, reported addresses may be fetched.

    It takes the place of every earlier one for good: a shorter one does not bring back a longer one at its end.
    """
    with transaction.atomic():
        one_at_a_time("authority")
        ended = Authority.objects.filter(ended_at=None).update(ended_at=now)
        authority = Authority.objects.create(
            scope=scope,
            jurisdiction=jurisdiction,
            approver=approver,
            valid_from=now,
            expires_at=expires_at,
            practice=practice,
        )
        record(actor=actor, action="authority_recorded", subject=authority.public_id, now=now, detail={"voided": ended})
    return authority
