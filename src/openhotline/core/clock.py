"""The one clock. Read at the edge (views, jobs, commands); services are given ``now``."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import F

from openhotline.core.errors import Misconfigured
from openhotline.core.models import ClockOffset


def now() -> datetime:
    """Return the present moment in UTC; in practice mode shifted by the offset row that every process reads."""
    moment = datetime.now(UTC)
    if settings.PRACTICE:
        seconds = ClockOffset.objects.filter(pk=1).values_list("seconds", flat=True).first()
        moment += timedelta(seconds=seconds or 0)
    return moment


def machine_now() -> datetime:
    """Return the machine's moment in UTC, for work on an installation that may have no tables yet."""
    return datetime.now(UTC)


def advance(by: timedelta) -> None:
    """Move the practice clock forward in every process. Raises Misconfigured in production and for negative steps."""
    if not settings.PRACTICE:
        raise Misconfigured("The clock can only be moved in practice mode; this installation runs in production.")
    if by < timedelta(0):
        raise Misconfigured(f"The practice clock only moves forward; {by} would move it back.")
    ClockOffset.objects.get_or_create(pk=1)
    ClockOffset.objects.filter(pk=1).update(seconds=F("seconds") + by.total_seconds())
