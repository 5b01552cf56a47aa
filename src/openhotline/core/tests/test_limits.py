"""Tallies: counted in one statement, begun anew when their window is over."""

from datetime import datetime, timedelta

import pytest
from limits import RateLimitItem, RateLimitItemPerHour, parse_many

from openhotline.core import limits
from openhotline.core.limits import Tallies
from openhotline.core.models import Tally

pytestmark = pytest.mark.django_db
TWO = (RateLimitItemPerHour(2),)


def test_what_is_within_is_said_and_what_is_over(now: datetime) -> None:
    assert [limits.count(TWO, "who", now=now) for _ in range(3)] == [True, True, False]


def test_looking_counts_nothing(now: datetime) -> None:
    assert all(limits.within(TWO, "who", now=now) for _ in range(5))
    assert not Tally.objects.exists()


def test_others_are_counted_apart(now: datetime) -> None:
    for _ in range(3):
        limits.count(TWO, "who", now=now)
    assert limits.count(TWO, "another", now=now)


def test_a_window_ends(now: datetime) -> None:
    for _ in range(3):
        limits.count(TWO, "who", now=now)
    assert limits.within(TWO, "who", now=now + timedelta(hours=1))
    assert limits.count(TWO, "who", now=now + timedelta(hours=1))


def test_every_limit_counts_also_beyond_the_first(now: datetime) -> None:
    both: tuple[RateLimitItem, ...] = tuple(parse_many("1/hour; 3/day"))
    said = [limits.count(both, "who", now=now + timedelta(hours=2 * turn)) for turn in range(4)]
    assert said == [True, True, True, False]


def test_many_at_once_cost_many(now: datetime) -> None:
    assert limits.count(TWO, "who", now=now, cost=2)
    assert not limits.count(TWO, "who", now=now)


def test_the_storage_does_what_the_library_asks_of_one(now: datetime) -> None:
    store = Tallies(now)
    assert store.incr("a", 60, 5) == 5
    assert (store.get("a"), store.get("b")) == (5, 0)
    assert store.get_expiry("a") == now.timestamp() + 60
    store.clear("a")
    assert store.get("a") == 0
    store.incr("a", 60)
    assert store.check()
    assert store.reset() == 1
