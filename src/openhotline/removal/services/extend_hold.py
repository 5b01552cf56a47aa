"""The police ask for more time."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.removal.models import Hold
from openhotline.removal.policies import check_hours, check_keeps_removals
from openhotline.removal.queries.holding import running_hold


def extend_hold(*, hold: int, hours: int, actor: Person, now: datetime) -> Hold:
    """Let a hold run so many hours from now, as the police asked. Raises NotAllowed, Missing, NotNow."""
    check_keeps_removals(actor)
    length = check_hours(hours)
    with transaction.atomic():
        row = running_hold(hold)
        row.runs_out_at, row.alerted_at = now + length, None
        row.save(update_fields=["runs_out_at", "alerted_at"])
        record(actor=actor.public_id, action="hold_extended", subject=row.removal.address.public_id, now=now)
    return row
