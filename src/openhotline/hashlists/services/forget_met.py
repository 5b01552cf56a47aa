"""What members met long ago is forgotten."""

from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.hashlists.models.entry_met import EntryMet

BATCH = 1000


def forget_met(*, before: datetime, actor: str, now: datetime) -> int:
    """Delete up to 1,000 counts of days before that moment's, and return how many."""
    with transaction.atomic():
        keys = list(EntryMet.objects.filter(day__lt=before.date()).order_by("pk").values_list("pk", flat=True)[:BATCH])
        if keys:
            EntryMet.objects.filter(pk__in=keys).delete()
            record(actor=actor, action="met_forgotten", subject="entries", now=now, detail={"deleted": len(keys)})
    return len(keys)
