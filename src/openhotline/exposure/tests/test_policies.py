"""When somebody may look."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhotline.core.errors import NotNow
from openhotline.exposure.models import SHIPPED_LIMITS
from openhotline.exposure.policies import break_until, check_may_look
from openhotline.exposure.states import Look, start_of_day

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def _minutes_of(count: int, until: datetime) -> list[Look]:
    """One look a minute, each a minute long, the last one ending then."""
    return [Look(until - timedelta(minutes=count - n), 60.0) for n in range(count)]


def test_nobody_who_has_not_looked_needs_a_break() -> None:
    check_may_look([], NOON, SHIPPED_LIMITS)


def test_a_break_falls_due_at_fifty_minutes_and_lasts_ten() -> None:
    assert break_until(_minutes_of(49, NOON), NOON, SHIPPED_LIMITS) is None
    assert break_until(_minutes_of(50, NOON), NOON, SHIPPED_LIMITS) == NOON + timedelta(minutes=10)


def test_after_the_break_the_count_begins_anew() -> None:
    looks = _minutes_of(50, NOON)
    later = NOON + timedelta(minutes=10)
    check_may_look(looks, later, SHIPPED_LIMITS)
    check_may_look([*looks, Look(later, 60.0)], later + timedelta(minutes=1), SHIPPED_LIMITS)


def test_a_pause_too_short_is_no_break() -> None:
    looks = _minutes_of(50, NOON)
    with pytest.raises(NotNow, match="again in 1 min"):
        check_may_look(looks, NOON + timedelta(minutes=9, seconds=30), SHIPPED_LIMITS)


def test_four_hours_are_the_most_for_one_day() -> None:
    morning = [Look(start_of_day(NOON) + timedelta(hours=n * 2), 3600.0) for n in range(4)]
    with pytest.raises(NotNow, match="4 hours today"):
        check_may_look(morning, NOON, SHIPPED_LIMITS)
    check_may_look(morning[:3], NOON, SHIPPED_LIMITS)


def test_yesterday_does_not_count_today() -> None:
    yesterday = [Look(start_of_day(NOON) - timedelta(hours=6), 5 * 3600.0)]
    check_may_look(yesterday, NOON, SHIPPED_LIMITS)


@given(st.lists(st.tuples(st.integers(0, 600), st.floats(0, 300)), max_size=60))
def test_whoever_waits_ten_minutes_after_the_last_look_needs_no_break(raw: list[tuple[int, float]]) -> None:
    looks = sorted((Look(NOON - timedelta(minutes=ago), seconds) for ago, seconds in raw), key=lambda one: one.at)
    last = max((look.end for look in looks), default=NOON)
    assert break_until(looks, max(last, NOON) + timedelta(minutes=10), SHIPPED_LIMITS) is None
