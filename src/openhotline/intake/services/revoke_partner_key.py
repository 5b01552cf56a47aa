"""A partner's key is not to be used any more."""

from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.errors import Missing
from openhotline.intake.models import PartnerKey


def revoke_partner_key(*, key: str, actor: str, now: datetime) -> PartnerKey:
    """Revoke a key by its outside id; at once, and again changes nothing. Raises Missing when there is none."""
    with transaction.atomic():
        row = PartnerKey.objects.select_for_update().filter(public_id=key).first()
        if row is None:
            raise Missing(f"There is no key {key!r}. `openhotline partner list` names them.")
        if row.revoked_at is None:
            row.revoked_at = now
            row.save(update_fields=["revoked_at"])
            record(actor=actor, action="partner_key_revoked", subject=row.public_id, now=now)
    return row
