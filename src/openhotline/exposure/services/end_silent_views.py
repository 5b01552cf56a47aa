"""Looks whose page says nothing any more are over: the browser was killed, or the machine went to sleep."""

from datetime import datetime

from django.db import transaction
from django.db.models.functions import Coalesce

from openhotline.audit.services.record import record
from openhotline.exposure.models import View
from openhotline.exposure.policies import silent_seconds
from openhotline.exposure.states import SILENCE

BATCH = 500


def end_silent_views(*, actor: str, now: datetime) -> int:
    """End looks of which nothing was heard for ten seconds, and return how many; each counts those seconds too."""
    with transaction.atomic():
        rows = list(
            View.objects.select_for_update()
            .filter(kind=View.REVEAL, seconds=None, shown_at__isnull=False)
            .annotate(heard=Coalesce("beat_at", "shown_at"))
            .filter(heard__lte=now - SILENCE)
            .order_by("pk")[:BATCH]
        )
        for row in rows:
            row.seconds = silent_seconds(shown_at=row.shown_at or now, beat_at=row.beat_at)
        View.objects.bulk_update(rows, ["seconds"])
        if rows:
            record(actor=actor, action="views_ended", subject="looks", ids=[str(row.pk) for row in rows], now=now)
    return len(rows)
