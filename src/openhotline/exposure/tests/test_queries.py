"""What was seen."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from openhotline.accounts.models import Person
from openhotline.exposure.models import View
from openhotline.exposure.queries import exposure_of, seconds_a_picture, totals, why_not_now

pytestmark = pytest.mark.django_db


def nothing_settled(*_of: Any) -> int:
    return 0


def test_a_persons_day_is_their_own(
    looked: Callable[..., View], analyst: Person, other_analyst: Person, now: datetime
) -> None:
    looked(30, 60)
    looked(20, 60, person=other_analyst.public_id)
    day = exposure_of(analyst, now, settled=nothing_settled)
    assert (day.seconds, day.reveals, day.left) == (60, 1, 4 * 3600 - 60)


def test_a_look_without_an_end_counts_the_longest(looked: Callable[..., View], analyst: Person, now: datetime) -> None:
    looked(30, None)
    assert exposure_of(analyst, now, settled=nothing_settled).seconds == 120


def test_a_grant_that_was_never_shown_counts_nothing(
    looked: Callable[..., View], analyst: Person, now: datetime
) -> None:
    looked(30, None, shown_at=None)
    assert exposure_of(analyst, now, settled=nothing_settled).seconds == 0


def test_what_was_settled_unseen_is_saved_at_the_time_of_a_full_look(
    looked: Callable[..., View], analyst: Person, now: datetime
) -> None:
    """A glimpse alone saves nothing: what later stages say was settled by it does."""
    looked(40, 60, kind=View.GLIMPSE, pictures=60, subject="sht_a")
    asked: list[tuple[str, datetime, datetime]] = []

    def settled(*of: Any) -> int:
        asked.append(of)
        return 59

    day = exposure_of(analyst, now, settled=settled)
    assert (day.glimpsed, day.unseen, day.saved) == (60, 59, 59 * 28.0)
    ((who, since, until),) = asked
    assert (who, since <= now < until, until - since) == (analyst.public_id, True, timedelta(days=1))
    assert exposure_of(analyst, now, settled=nothing_settled).saved == 0


def test_yesterday_is_another_day(looked: Callable[..., View], analyst: Person, now: datetime) -> None:
    looked(24 * 60, 60)
    assert exposure_of(analyst, now, settled=nothing_settled).seconds == 0


def test_totals_name_what_was_simulated(looked: Callable[..., View], now: datetime) -> None:
    looked(30, 60)
    looked(20, 28, simulated=True, size=10)
    found = totals(now - timedelta(hours=1), now)
    assert (found.seconds, found.simulated, found.reveals) == (88, 28, 2)
    assert found.pixel_seconds == 60 * 100 + 28 * 10


def test_nothing_seen_is_zero(now: datetime) -> None:
    assert totals(now, now).pixel_seconds == 0


def test_the_time_of_a_picture_is_measured_once_there_is_enough(looked: Callable[..., View]) -> None:
    for minute in range(19):
        looked(minute, 5)
    assert seconds_a_picture() == 28
    looked(30, 5)
    assert seconds_a_picture() == 5


def test_the_desk_can_say_why_not_now(looked: Callable[..., View], analyst: Person, now: datetime) -> None:
    assert why_not_now(analyst.public_id, now) is None
    looked(360, 4 * 3600)
    assert "today" in (why_not_now(analyst.public_id, now) or "")
