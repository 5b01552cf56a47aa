"""Reading what was seen: a person's own day, and totals without names."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median

from django.conf import settings
from django.db.models import Count, F, FloatField, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from openhotline.accounts.models import Person
from openhotline.core.errors import NotNow
from openhotline.exposure.models import Alert, Unusual, View, read_rules
from openhotline.exposure.models.unusual import SHIPPED
from openhotline.exposure.states import (
    LONGEST_UNENDED,
    MOST_A_DAY,
    SECONDS_A_PICTURE,
    Look,
    check_may_look,
    earliest_that_counts,
    start_of_day,
)

_ENOUGH_TO_MEASURE = 20


@dataclass(frozen=True)
class Exposure:
    """One person's day, for that person: seconds seen and left, reveals, and pictures glimpsed small and blurred."""

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


def looks_of(person_id: str, now: datetime) -> list[Look]:
    """Return a person's looks that bear on now, in order of time. Granted and never shown counts nothing."""
    rows = _shown(View.objects.filter(person=person_id, granted_at__gte=earliest_that_counts(now)))
    times = rows.order_by("shown_at").values_list("shown_at", "seconds")
    return [Look(at, LONGEST_UNENDED if seconds is None else seconds) for at, seconds in times if at]


def why_not_now(person_id: str, now: datetime) -> str | None:
    """Return the sentence why this person is shown nothing now (break, budget), or None."""
    try:
        check_may_look(looks_of(person_id, now), now)
    except NotNow as refusal:
        return str(refusal)
    return None


def exposure_of(person: Person, now: datetime) -> Exposure:
    """Return a person's own day. ``saved`` counts pictures glimpsed and never revealed, at the measured time of one."""
    today = _shown(View.objects.filter(person=person.public_id, granted_at__gte=start_of_day(now)))
    sums = _sums(today)
    revealed = today.filter(kind=View.REVEAL).values("subject").distinct().count()
    unseen = max(0, sums.glimpsed - revealed)
    left = max(0.0, MOST_A_DAY.total_seconds() - sums.seconds)
    return Exposure(sums.seconds, left, sums.reveals, sums.glimpsed, unseen, unseen * seconds_a_picture())


def totals(since: datetime, until: datetime) -> Totals:
    """Return what everybody saw from ``since`` to before ``until``."""
    return _sums(_shown(View.objects.filter(granted_at__gte=since, granted_at__lt=until)))


def seconds_a_picture() -> float:
    """Return what one full look took, the median of the last 1,000 ended ones; 28 s until 20 were measured."""
    ended = View.objects.filter(kind=View.REVEAL, seconds__gt=0).order_by("-pk").values_list("seconds", flat=True)
    seconds = [one for one in ended[:1000] if one is not None]
    return median(seconds) if len(seconds) >= _ENOUGH_TO_MEASURE else SECONDS_A_PICTURE


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
