"""Reading what was seen: a person's own day, and totals without names."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median

from django.conf import settings
from django.db.models import Count, F, FloatField, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from openhotline.accounts.models import Person
from openhotline.core.errors import Misconfigured, NotNow
from openhotline.exposure.models import SHIPPED_LIMITS, Alert, Unusual, View, Wellbeing, read_limits, read_rules
from openhotline.exposure.models.unusual import SHIPPED
from openhotline.exposure.states import (
    LONGEST_UNENDED,
    SECONDS_A_PICTURE,
    SILENCE,
    Limits,
    Look,
    check_may_look,
    check_shift,
    earliest_that_counts,
    start_of_day,
)

_ENOUGH_TO_MEASURE = 20
_limits: dict[Path, tuple[int, Limits]] = {}
log = logging.getLogger(__name__)
FEWEST_IN_A_MEDIAN = 5
Settled = Callable[[str, datetime, datetime], int]
"""Says of a person (by outside id) how many pictures they settled in a span unseen: later stages know, and give it."""


@dataclass(frozen=True)
class Exposure:
    """One person's day, for that person: seconds seen and left, reveals, and pictures glimpsed small and blurred.

    ``unseen``: those that they settled by their blurred tile alone; ``saved``: the seconds of looking that it spared.
    """

    on: date
    seconds: float
    left: float
    reveals: int
    glimpsed: int
    unseen: int
    saved: float


@dataclass(frozen=True)
class Totals:
    """What was seen by everybody together; ``pixel_seconds`` is size times time, ``simulated`` seconds are scripted."""

    seconds: float
    simulated: float
    reveals: int
    glimpsed: int
    pixel_seconds: float


@dataclass(frozen=True)
class Medians:
    """A team's day without names: medians over the people who looked at anything; None for a team too small."""

    on: date
    people: int
    seconds: float | None
    reveals: float | None


def looks_of(person_id: str, now: datetime) -> list[Look]:
    """Return a person's looks that bear on now, in order of time. Granted and never shown counts nothing."""
    rows = _shown(View.objects.filter(person=person_id, granted_at__gte=earliest_that_counts(now, limits())))
    values = rows.order_by("shown_at").values_list("shown_at", "seconds", "beat_at", "weight")
    return [Look(at, weight * _lasted(at, seconds, beat, now)) for at, seconds, beat, weight in values if at]


def _lasted(shown_at: datetime, seconds: float | None, beat_at: datetime | None, now: datetime) -> float:
    """Return what a look counts by now: one whose page is still heard of counts up to now, and no more."""
    if seconds is not None:
        return seconds
    if beat_at is None or now - beat_at > SILENCE:
        return LONGEST_UNENDED
    return max(0.0, (now - shown_at).total_seconds())


def ways_shown(person_id: str, subject: str) -> frozenset[str]:
    """Return how a person was shown an item, or a sheet (by outside id): View.GLIMPSE, View.REVEAL, both or neither.

    A look that was let go before its picture came was none.
    """
    looks = _shown(View.objects.filter(person=person_id, subject=subject)).exclude(seconds=0)
    return frozenset(looks.values_list("kind", flat=True).distinct())


def wellbeing_of(person_id: str) -> Wellbeing:
    """Return what a person has said of how they want to look; a row with nothing said, not saved, for none."""
    return Wellbeing.objects.filter(person=person_id).first() or Wellbeing(person=person_id)


def check_may_look_now(person_id: str, now: datetime) -> None:
    """Raise NotNow with a sentence in the last part of a shift, in a break, or when the day's budget is spent."""
    in_force = limits()
    # One column: the media door asks, which may not read what else somebody has said of how they are.
    ends = Wellbeing.objects.filter(person=person_id).values_list("shift_ends_at", flat=True).first()
    check_shift(ends, now, in_force)
    check_may_look(looks_of(person_id, now), now, in_force)


def why_not_now(person_id: str, now: datetime) -> str | None:
    """Return the sentence why this person is shown nothing now (break, budget, end of the shift), or None."""
    try:
        check_may_look_now(person_id, now)
    except NotNow as refusal:
        return str(refusal)
    return None


def exposure_of(person: Person, now: datetime, *, settled: Settled) -> Exposure:
    """Return a person's own day. ``saved`` counts what was settled unseen, at the measured time of a full look."""
    return _day(person, start_of_day(now), seconds_a_picture(), settled)


def days_of(person: Person, now: datetime, *, settled: Settled, days: int = 14) -> list[Exposure]:
    """Return a person's own days, newest first, today among them."""
    each, today = seconds_a_picture(), start_of_day(now)
    return [_day(person, today - timedelta(days=back), each, settled) for back in range(days)]


def _day(person: Person, begin: datetime, each: float, settled: Settled) -> Exposure:
    end = begin + timedelta(days=1)
    that = View.objects.filter(person=person.public_id, granted_at__gte=begin, granted_at__lt=end)
    shown = _shown(that)
    sums = _sums(shown)
    counted = shown.aggregate(all=Sum(Coalesce(F("seconds"), LONGEST_UNENDED, output_field=FloatField()) * F("weight")))
    seconds = counted["all"] or 0.0
    unseen = settled(person.public_id, begin, end)
    left = max(0.0, limits().most_a_day.total_seconds() - seconds)
    return Exposure(begin.date(), seconds, left, sums.reveals, sums.glimpsed, unseen, unseen * each)


def medians_of(now: datetime, days: int = 14) -> list[Medians]:
    """Return a team's days, newest first. Fewer than five who looked: no median, or it would be of somebody."""
    today = start_of_day(now)
    return [_medians(today - timedelta(days=back)) for back in range(days)]


def _medians(begin: datetime) -> Medians:
    rows = (
        _shown(View.objects.filter(granted_at__gte=begin, granted_at__lt=begin + timedelta(days=1), simulated=False))
        .values("person")
        .annotate(
            all=Sum(Coalesce(F("seconds"), LONGEST_UNENDED, output_field=FloatField()) * F("weight")),
            reveals=Count("pk", filter=Q(kind=View.REVEAL)),
        )
    )
    found = [(row["all"], row["reveals"]) for row in rows]
    if len(found) < FEWEST_IN_A_MEDIAN:
        return Medians(begin.date(), 0, None, None)
    return Medians(begin.date(), len(found), median(one for one, _ in found), median(one for _, one in found))


def totals(since: datetime, until: datetime) -> Totals:
    """Return what everybody saw from ``since`` to before ``until``."""
    return _sums(_shown(View.objects.filter(granted_at__gte=since, granted_at__lt=until)))


def seconds_a_picture() -> float:
    """Return what one full look took, the median of the last 1,000 ended ones; 28 s until 20 were measured."""
    ended = View.objects.filter(kind=View.REVEAL, seconds__gt=0).order_by("-pk").values_list("seconds", flat=True)
    seconds = [one for one in ended[:1000] if one is not None]
    return median(seconds) if len(seconds) >= _ENOUGH_TO_MEASURE else SECONDS_A_PICTURE


def limits() -> Limits:
    """Return the limits on looking of this installation: the operator's file, or the shipped ones.

    A change with an error is said in the log, and the limits read before stay. Raises Misconfigured without any.
    """
    if not settings.LOOKING_LIMITS:
        return SHIPPED_LIMITS
    path = Path(settings.LOOKING_LIMITS)
    stamp = path.stat().st_mtime_ns if path.exists() else 0
    known = _limits.get(path)
    if known is None or known[0] != stamp:
        try:
            known = stamp, read_limits(path)
        except Misconfigured as error:
            if known is None:
                raise
            log.error("%s The limits read before stay in force.", error)  # noqa: TRY400 - a sentence
            known = stamp, known[1]
        _limits[path] = known
    return known[1]


def unusual_rules() -> Unusual:
    """Return the rules of this installation: the operator's file, or the shipped one."""
    return read_rules(Path(settings.UNUSUAL) if settings.UNUSUAL else SHIPPED)


def alerts_waiting() -> int:
    """Return how many alerts no auditor has seen."""
    return Alert.objects.filter(seen_at=None).count()


def latest_alerts(limit: int = 100) -> list[Alert]:
    """Return alerts that nobody has seen, then those that were, newest first."""
    return list(Alert.objects.order_by(F("seen_at").desc(nulls_first=True), "-raised_at", "-pk")[:limit])


def _shown(views: QuerySet[View]) -> QuerySet[View]:
    return views.filter(shown_at__isnull=False)


def _sums(views: QuerySet[View]) -> Totals:
    seconds = Coalesce(F("seconds"), LONGEST_UNENDED, output_field=FloatField())
    reveal, glimpse = Q(kind=View.REVEAL), Q(kind=View.GLIMPSE)
    found = views.aggregate(
        all=Sum(seconds),
        simulated=Sum(seconds, filter=Q(simulated=True)),
        reveals=Count("pk", filter=reveal),
        glimpsed=Sum("pictures", filter=glimpse),
        pixels=Sum(seconds * F("size"), output_field=FloatField()),
    )
    return Totals(
        seconds=found["all"] or 0.0,
        simulated=found["simulated"] or 0.0,
        reveals=found["reveals"],
        glimpsed=found["glimpsed"] or 0,
        pixel_seconds=found["pixels"] or 0.0,
    )
