"""Reading the counts of days: by day, added up by month, and held against a recount."""

from collections.abc import Collection
from datetime import UTC, date, datetime

from django.db.models import Sum

from openhotline.statistics.models import DayCount, RolledUp
from openhotline.statistics.queries.recount import Key, recount
from openhotline.statistics.states import SERIES


def rolled(begin: date, end: date, names: Collection[str] = tuple(SERIES)) -> dict[Key, int]:
    """Return the counts that are kept of the days from ``begin`` to before ``end``."""
    rows = DayCount.objects.filter(day__gte=begin, day__lt=end, name__in=names)
    return {(day, name, part): value for day, name, part, value in rows.values_list("day", "name", "part", "value")}


def by_month(begin: date, end: date) -> dict[Key, int]:
    """Return the kept counts of the months from ``begin`` to before ``end``, under the first day of each."""
    rows = DayCount.objects.filter(month__gte=begin, month__lt=end).values_list("month", "name", "part")
    return {(month, name, part): value for month, name, part, value in rows.annotate(_all=Sum("value")).order_by()}


def rolled_until() -> datetime | None:
    """Return up to when days were counted; None: never yet."""
    return RolledUp.objects.values_list("until", flat=True).first()


def unlike(begin: date, end: date) -> list[tuple[Key, int, int]]:
    """Return each count of these days that a recount does not confirm: its key, what is kept, what was counted.

    What happened since the days were counted last is no difference: it is not kept yet.
    """
    kept, counted = rolled(begin, end), recount(begin, end)
    found = [
        (key, kept.get(key, 0), counted.get(key, 0))
        for key in sorted({*kept, *counted})
        if kept.get(key, 0) != counted.get(key, 0)
    ]
    until = rolled_until()
    if until is None or not found:
        return found
    today = until.astimezone(UTC).date()
    so_far = recount(max(begin, today), end, until=until) if today < end else {}
    return [one for one in found if one[0][0] < today or one[1] != so_far.get(one[0], 0)]
