"""When looking is unusual: the rules alone, without a database."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhotline.core.errors import Misconfigured
from openhotline.exposure.models import read_rules
from openhotline.exposure.models.unusual import SHIPPED
from openhotline.exposure.policies import Reveal, strange_now, strange_undecided
from openhotline.exposure.states import Rule

RULES = read_rules()
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def usual_days(many: int = 12, a_day: int = 20) -> list[Reveal]:
    """Days of twenty reveals each, from noon on, up to yesterday."""
    return [Reveal(f"itm_{day}_{n}", NOON - day * DAY + n * MINUTE) for day in range(many, 0, -1) for n in range(a_day)]


def today(many: int, at: datetime = NOON) -> list[Reveal]:
    return [Reveal(f"itm_{n}", at + n * timedelta(seconds=30)) for n in range(many)]


def rules_met(fresh: list[Reveal], before: list[Reveal]) -> list[Rule]:
    since = min(one.at for one in fresh)
    found = strange_now([*before, *fresh], RULES, since=since, now=fresh[-1].at + MINUTE)
    return [one.rule for one in found]


def test_a_usual_day_is_not_told() -> None:
    assert rules_met(today(25), usual_days()) == []


def test_the_same_item_many_times_is_told_with_the_item() -> None:
    again = [Reveal("itm_same", NOON + n * MINUTE) for n in range(9)]
    (found,) = strange_now(again, RULES, since=NOON, now=NOON + HOUR)
    assert (found.rule, found.subject, found.count) == (Rule.REPEATED, "itm_same", 9)


def test_eight_times_are_not_yet_told() -> None:
    assert rules_met([Reveal("itm_same", NOON + n * MINUTE) for n in range(8)], []) == []


def test_the_same_item_over_days_is_not_told() -> None:
    assert rules_met([Reveal("itm_same", NOON + n * DAY) for n in range(9)], []) == []


def test_three_times_the_usual_day_is_told_against_ones_own_median() -> None:
    found = strange_now([*usual_days(), *today(61)], RULES, since=NOON, now=NOON + HOUR)
    assert [(one.rule, one.count, one.usual) for one in found] == [(Rule.NUMBER, 61, 20.0)]


def test_a_busy_day_of_somebody_who_is_new_is_not_told() -> None:
    assert rules_met(today(200), usual_days(many=9)) == []


def test_a_few_more_than_very_few_are_not_told() -> None:
    assert rules_met(today(49), usual_days(a_day=1)) == []


def test_an_hour_at_which_one_does_not_look_is_told() -> None:
    assert rules_met(today(1, NOON.replace(hour=3)), usual_days()) == [Rule.HOUR]


def test_an_hour_beside_the_usual_one_is_not_told() -> None:
    assert rules_met(today(1, NOON - HOUR), usual_days()) == []


def test_many_items_left_undecided_are_told_and_few_are_not() -> None:
    on = NOON.date()
    assert [one.count for one in strange_undecided(today(6), RULES, on=on)] == [6]
    assert strange_undecided(today(5), RULES, on=on) == []
    assert strange_undecided([Reveal("itm_same", NOON)] * 9, RULES, on=on) == []


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 5000)), max_size=40))
def test_rules_never_fail_and_name_only_what_is_fresh(raw: list[tuple[str, int]]) -> None:
    reveals = sorted((Reveal(f"itm_{item}", NOON - minutes * MINUTE) for item, minutes in raw), key=lambda one: one.at)
    for found in strange_now(reveals, RULES, since=NOON - DAY, now=NOON):
        assert found.on >= (NOON - DAY).date()
        assert found.count > 0


@pytest.mark.parametrize(
    "change",
    [("most = 8", "most = 0"), ("most = 8", "most = true"), ("most = 8\n", ""), ("[unusual_hour]", "[other]")],
)
def test_rules_that_are_not_right_are_refused(tmp_path: Path, change: tuple[str, str]) -> None:
    (tmp_path / "mine.toml").write_text(SHIPPED.read_text().replace(*change, 1))
    with pytest.raises(Misconfigured, match=r"mine\.toml"):
        read_rules(tmp_path / "mine.toml")
