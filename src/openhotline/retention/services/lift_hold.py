"""What was held may go its way again."""

from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.errors import Missing
from openhotline.retention.models import Hold


def lift_hold(*, hold: str, actor: str, now: datetime) -> Hold:
    """Lift a hold before its end, by its outside id, and return it. Raises Missing when there is none in force."""
    with transaction.atomic():
        row = Hold.objects.select_for_update().filter(public_id=hold, lifted_at=None, until__gt=now).first()
        if row is None:
            raise Missing(f"There is no hold {hold!r} in force. See them with: openhotline retention holds.")
        row.lifted_by, row.lifted_at = actor, now
        row.save(update_fields=["lifted_by", "lifted_at"])
        record(actor=actor, action="hold_lifted", subject=row.subject, now=now, detail={"cause": row.cause})
    return row
