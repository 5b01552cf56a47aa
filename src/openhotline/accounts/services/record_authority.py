"""An operator records the legal authority the hotline fetches under."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Authority
from openhotline.audit.services.record import record


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
    """Record under what authority, given by whom and until when, reported addresses may be fetched."""
    with transaction.atomic():
        authority = Authority.objects.create(
            scope=scope,
            jurisdiction=jurisdiction,
            approver=approver,
            valid_from=now,
            expires_at=expires_at,
            practice=practice,
        )
        record(actor=actor, action="authority_recorded", subject=authority.public_id, now=now)
    return authority
