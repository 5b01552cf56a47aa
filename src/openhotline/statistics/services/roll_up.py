"""The counts of days are brought up to now."""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta

from django.db import transaction

from openhotline.assessment.models import OutcomeChange
from openhotline.audit.services.record import record
from openhotline.statistics.models import DayCount, RolledUp
from openhotline.statistics.policies import first_of, month_after
from openhotline.statistics.queries import first_row, recount, rolled
from openhotline.statistics.states import LASTING, OF_DECISIONS, SERIES

MONTHS_AGAIN = 12
"""How far back a month is counted again by itself. What is older may have been deleted by the retention table."""
_DAY = timedelta(days=1)


def roll_up(*, actor: str, now: datetime, whole: tuple[date, date] | None = None) -> int:
    """Count the days anew that may have changed; return how many counts did.

    These are: the day on which it was done last, the day before, and all since (also when the clock was set back
    between); the days of decisions that changed law gave another outcome; and one month of the last twelve in turn, so
    that whatever else was corrected is found within as many calls. ``whole`` counts these days instead (to before the
    second). The first call of all counts everything there is. A call that was broken off
    changed nothing.
    """
    with transaction.atomic():
        known, _ = RolledUp.objects.select_for_update().get_or_create(
            pk=1, defaults={"until": first_row() or now, "again": first_of(now.date())}
        )
        changed = _days(*whole) if whole else _since(known, now)
        if changed:
            detail = {"new": changed}
            record(actor=actor, action="days_counted", subject="statistics", now=now, detail={**detail})
    return changed


def _since(known: RolledUp, now: datetime) -> int:
    earlier, later = sorted((known.until.astimezone(UTC).date(), now.astimezone(UTC).date()))
    changed = _days(earlier - _DAY, later + _DAY)
    for day in _of_changed_outcomes(known.until):
        changed += _days(day, day + _DAY, OF_DECISIONS)
    known.again = _next(known.again, now.astimezone(UTC).date())
    changed += _days(known.again, month_after(known.again), LASTING)
    known.until = now
    known.save(update_fields=["until", "again"])
    return changed


def _of_changed_outcomes(since: datetime) -> list[date]:
    # A little earlier: a change may have been committed after its moment.
    rows = OutcomeChange.objects.filter(changed_at__gte=since - _DAY, decision__published_at__isnull=False)
    moments = rows.values_list("decision__published_at", flat=True).distinct()
    return sorted({one.astimezone(UTC).date() for one in moments if one})


def _next(again: date, today: date) -> date:
    """Return the month before, or the present one when a year is through."""
    before = first_of(again - _DAY)
    oldest = first_of(today.replace(day=1) - timedelta(days=30 * MONTHS_AGAIN))
    return before if oldest <= before <= today else first_of(today)


def _days(begin: date, end: date, names: Collection[str] = tuple(SERIES)) -> int:
    kept, counted = rolled(begin, end, names), recount(begin, end, names)
    other = {key for key in {*kept, *counted} if kept.get(key) != counted.get(key)}
    for day, name, part in other & set(kept):
        DayCount.objects.filter(day=day, name=name, part=part).delete()
    DayCount.objects.bulk_create(
        DayCount(day=day, month=first_of(day), name=name, part=part, value=counted[day, name, part])
        for day, name, part in sorted(other & set(counted))
    )
    return len(other)
