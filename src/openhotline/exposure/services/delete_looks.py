"""Looks of long ago are deleted."""

from collections.abc import Callable, Collection
from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.exposure.models import View
from openhotline.retention.policies import settle_holds

BATCH = 1000


def delete_looks(*, before: datetime, keep: Callable[[], Collection[str]], actor: str, now: datetime) -> int:
    """Delete up to 1,000 looks granted before, and return how many.

    ``keep`` is asked for the items under a legal hold (outside ids) once no hold can be placed beside this.
    """
    with transaction.atomic():
        settle_holds()
        due = View.objects.filter(granted_at__lt=before).exclude(subject__in=keep()).order_by("pk")
        keys = list(due.values_list("pk", flat=True)[:BATCH])
        if keys:
            View.objects.filter(pk__in=keys).delete()
            record(actor=actor, action="looks_deleted", subject="looks", now=now, detail={"deleted": len(keys)})
    return len(keys)
