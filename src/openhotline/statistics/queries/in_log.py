"""What the audit log says of the work of a period: the same figures from other rows, written at another moment."""

from datetime import datetime

from django.db.models import Sum

from openhotline.audit.models import Record
from openhotline.statistics.models.period import Period

# Figure, and the action whose lines tell it: each line counts the things that it was about.
TOLD_BY = {
    "work.opinions": "item_assessed",
    "work.decisions": "decisions_published",
    "work.notices": "notice_sent",
    "work.referred": "referral_built",
}


def in_log(period: Period, at: datetime) -> dict[str, int]:
    """Return by figure what the log says was done in a period up to a moment."""
    lines = Record.objects.filter(at__gte=period.starts, at__lt=min(at, period.ends))
    return {key: lines.filter(action=action).aggregate(all=Sum("count"))["all"] or 0 for key, action in TOLD_BY.items()}
