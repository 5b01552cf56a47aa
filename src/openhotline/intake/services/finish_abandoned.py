"""A form that was left half-way is still a report."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce

from openhotline.audit.services.record import record
from openhotline.core.events import MOST_IDS, publish
from openhotline.intake.events import ReportReceived
from openhotline.intake.models import Report
from openhotline.intake.states import Lane, ReportState

WAIT = timedelta(hours=24)
WAIT_URGENT = timedelta(minutes=10)


def finish_abandoned(*, now: datetime, actor: str = "step:finish_abandoned") -> int:
    """Receive up to 500 reports left for 24 hours (10 minutes when someone is in danger); return how many.

    The time counts from the last word that was told, so that nobody who still writes is taken for gone.
    Those in quarantine are received as well, and wait there.
    """
    last = Report.objects.annotate(last=Coalesce("told_at", "started_at"))
    left = Q(last__lte=now - WAIT) | Q(lane=Lane.URGENT, last__lte=now - WAIT_URGENT)
    waiting = last.filter(left, state=ReportState.STARTED).order_by("last", "pk")
    if not waiting.exists():
        return 0
    with transaction.atomic():
        lanes = dict(waiting.select_for_update().values_list("pk", "lane")[:MOST_IDS])
        ids = tuple(lanes)
        if ids:
            Report.objects.filter(pk__in=ids).update(state=ReportState.RECEIVED, received_at=now)
            record(actor=actor, action="abandoned_reports_received", subject="reports", now=now, ids=ids)
            publish(ReportReceived(ids=tuple(pk for pk in ids if lanes[pk] != Lane.QUARANTINE)), now=now)
    return len(ids)
