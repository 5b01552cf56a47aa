"""Pages of sweeps that are due are given to the workers."""

from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.intake.events import VisitsDue
from openhotline.intake.models import SweptPage

MOST_UNDER_WAY = 20


def hand_out_visits(*, actor: str, now: datetime) -> int:
    """Announce pages that are due, one for each site and at most 20 under way at once; return how many."""
    with transaction.atomic():
        under_way = SweptPage.objects.under_way(now)
        room = MOST_UNDER_WAY - under_way.count()
        if room <= 0:
            return 0
        due = SweptPage.objects.due(now).exclude(host__in=under_way.values("host"))
        first_of_site: dict[str, int] = {}
        for pk, host in due.order_by("due_at", "pk").values_list("pk", "host").iterator():
            first_of_site.setdefault(host, pk)
            if len(first_of_site) == room:
                break
        chosen = tuple(first_of_site.values())
        if not chosen:
            return 0
        SweptPage.objects.filter(pk__in=chosen).update(handed_at=now)
        record(actor=actor, action="visits_handed_out", subject="sweeps", now=now, detail={"addresses": len(chosen)})
        # One announcement a page: a slow site keeps no other waiting.
        for pk in chosen:
            publish(VisitsDue(ids=(pk,)), now=now)
    return len(chosen)
