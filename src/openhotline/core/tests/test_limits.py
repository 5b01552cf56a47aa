"""Tallies: counted in one statement, begun anew when their window is over."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
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


def test_one_act_counts_under_several_limits_at_once(now: datetime) -> None:
    """Each for its own doer, by one statement, and what is over one is still counted under the others."""
    one, ten = (RateLimitItemPerHour(1),), (RateLimitItemPerHour(10),)
    counted = {"sender": (one, ("report", "who")), "door": (ten, ("report door",))}
    with CaptureQueriesContext(connection) as asked:
        said = [limits.count_each(counted, now=now) for _ in range(2)]
    assert said == [{"sender": True, "door": True}, {"sender": False, "door": True}]
    assert [row.many for row in Tally.objects.order_by("many")] == [2, 2]
    assert len(asked) == 2


def test_many_at_once_cost_many(now: datetime) -> None:
    assert limits.count(TWO, "who", now=now, cost=2)
    assert not limits.count(TWO, "who", now=now)


def test_what_was_nothing_new_is_given_back(now: datetime) -> None:
    for _ in range(3):
        limits.count(TWO, "who", now=now, cost=2)
        limits.give_back(TWO, "who", now=now, cost=2)
    assert Tally.objects.get().many == 0


def test_nothing_is_given_back_to_a_window_that_is_over(now: datetime) -> None:
    limits.count(TWO, "who", now=now, cost=2)
    limits.give_back(TWO, "who", now=now + timedelta(hours=1), cost=2)
    limits.give_back(TWO, "another", now=now, cost=2)
    assert Tally.objects.get().many == 2


def test_a_window_that_began_later_is_not_made_larger(now: datetime) -> None:
    """What was counted in one window is not taken off the count of the next."""
    later = now + timedelta(hours=1, seconds=1)
    limits.count(TWO, "who", now=now, cost=2)
    limits.count(TWO, "who", now=later, cost=2)
    limits.give_back(TWO, "who", now=later, cost=2, counted_at=now)
    assert Tally.objects.get().many == 2


def test_room_grows_with_the_time_that_has_gone_by(now: datetime) -> None:
    ten = (RateLimitItemPerHour(10),)
    assert limits.room(ten, "who", now=now) == 10
    limits.count(ten, "who", now=now, cost=3)
    later = [limits.room(ten, "who", now=now + timedelta(minutes=minutes)) for minutes in (0, 30, 59, 60)]
    assert later == [0, 2, 6, 10]


def test_room_is_that_of_the_tightest_limit(now: datetime) -> None:
    assert limits.room(tuple(parse_many("10/hour; 4/day")), "who", now=now) == 4


def test_who_is_late_at_midnight_does_not_bring_back_the_day_before(now: datetime) -> None:
    """Two workers read the clock on either side of midnight: the newer day's salt stays."""
    tomorrow = limits.hash_of_today("who", now=now + timedelta(days=1))
    assert limits.hash_of_today("who", now=now) == tomorrow
    assert limits.hash_of_today("who", now=now + timedelta(days=1)) == tomorrow


def test_planted_a_salt_that_flips_back_is_seen(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_SALT", limits._SALT.replace("t.day < ", "t.day <> "))
    monkeypatch.setattr(limits, "_SALT_OF", limits._SALT_OF.replace("day >= ", "day = "))
    tomorrow = limits.hash_of_today("who", now=now + timedelta(days=1))
    limits.hash_of_today("who", now=now)
    assert limits.hash_of_today("who", now=now + timedelta(days=1)) != tomorrow


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
