"""What the clock does when a police hold runs out: it alerts a person, and nothing else."""

from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.removal.models import Hold
from openhotline.removal.queries.holding import holds_run_out


def alert_holds(*, actor: str, now: datetime) -> int:
    """Note which holds have run out, once each, so that the desk alerts a person; return how many.

    Nothing else happens: no notice goes out because time went by.
    """
    with transaction.atomic():
        rows = list(holds_run_out(now).filter(alerted_at=None)[:500])
        keys = [row.pk for row in rows]
        Hold.objects.filter(pk__in=keys).update(alerted_at=now)
        if keys:
            record(actor=actor, action="holds_run_out", subject="removals", ids=keys, now=now)
    return len(keys)
