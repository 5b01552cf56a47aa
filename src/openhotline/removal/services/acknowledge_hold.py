"""The police acknowledged a hold."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.removal.models import Hold
from openhotline.removal.policies import check_keeps_removals
from openhotline.removal.queries.holding import running_hold

LONGEST_REFERENCE = 200


def acknowledge_hold(*, hold: int, reference: str, actor: Person, now: datetime) -> Hold:
    """Keep that the police acknowledged, and their reference. Raises NotAllowed, Missing, NotNow."""
    check_keeps_removals(actor)
    with transaction.atomic():
        row = running_hold(hold)
        row.acknowledged_at = row.acknowledged_at or now
        row.reference = " ".join(reference.split())[:LONGEST_REFERENCE] or None
        row.save(update_fields=["acknowledged_at", "reference"])
        record(actor=actor.public_id, action="hold_acknowledged", subject=row.removal.address.public_id, now=now)
    return row
