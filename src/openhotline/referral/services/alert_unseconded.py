"""It is told that nobody signed an urgent referral within a day."""

from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.referral.models import UrgentReferral


def alert_unseconded(*, actor: str, now: datetime) -> int:
    """Mark urgent referrals whose second signature did not come in time, once each; return how many.

    The desk shows them first and in red until somebody signs. A clock that is set back later takes no alert away.
    """
    with transaction.atomic():
        late = UrgentReferral.objects.select_for_update().filter(
            second_at=None, alerted_at=None, second_due_at__lte=now
        )
        rows = list(late.order_by("pk"))
        for row in rows:
            row.alerted_at = now
            row.save(update_fields=["alerted_at"])
            record(actor=actor, action="urgent_referral_unseconded", subject=row.public_id, now=now)
    return len(rows)
