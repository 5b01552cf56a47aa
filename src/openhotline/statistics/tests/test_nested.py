"""A year beside its quarters, in any order: nothing that one of them hides can be worked out."""

import random
from datetime import date

import pytest

from openhotline.statistics.models import nested
from openhotline.statistics.models.nested import Beside, hidden_beside
from openhotline.statistics.models.suppression import hidden_keys

SUMS = [("all", ("a", "b", "c"))]
BEGINS = [date(2026, month, 1) for month in (1, 4, 7, 10)] + [date(2027, 1, 1)]
Counts = dict[str, int]


def counts(a: int, b: int, c: int) -> Counts:
    return {"a": a, "b": b, "c": c, "all": a + b + c}


def published(name: str, begin: date, end: date, values: Counts, earlier: list[Beside]) -> Beside:
    """Publish a report after earlier ones, as a reader then has it."""
    alone = frozenset(hidden_keys(values, SUMS, smallest=5))
    hidden = hidden_beside(Beside("", begin, end, values, alone, SUMS), earlier, smallest=5)
    shown = {key: value for key, value in values.items() if key not in hidden}
    return Beside(name, begin, end, shown, frozenset(hidden), SUMS)


def quarter(number: int, values: Counts, earlier: list[Beside]) -> Beside:
    return published(f"Q{number}", BEGINS[number - 1], BEGINS[number], values, earlier)


def year(values: Counts, earlier: list[Beside]) -> Beside:
    return published("year", BEGINS[0], BEGINS[4], values, earlier)


def plain_quarters(until: int) -> list[Beside]:
    found: list[Beside] = []
    for number in range(1, until + 1):
        found.append(quarter(number, counts(20, 30, 40), found))
    return found


def test_a_year_of_quarters_that_hide_nothing_hides_nothing() -> None:
    assert year(counts(80, 120, 160), plain_quarters(4)).hidden == frozenset()


def test_the_year_hides_what_one_quarter_hides() -> None:
    first = quarter(1, counts(3, 30, 40), [])
    earlier = [first, *(quarter(number, counts(20, 30, 40), []) for number in (2, 3, 4))]
    assert first.hidden == {"a", "b"}
    assert year(counts(63, 120, 160), earlier).hidden >= {"a", "b"}


def test_the_last_quarter_hides_what_the_year_and_the_others_would_tell_of_it() -> None:
    """The year was published first, and shows 63: three quarters of 20 would leave the fourth its 3."""
    before = [year(counts(63, 120, 160), [])]
    for number in (1, 2):
        before.append(quarter(number, counts(20, 30, 40), before))
    third = quarter(3, counts(20, 30, 40), before)
    assert third.hidden >= {"a"}


def test_a_year_does_not_tell_a_small_quarter_of_which_there_is_no_report() -> None:
    assert "a" in year(counts(63, 120, 160), plain_quarters(3)).hidden


def test_a_month_tells_nothing_that_its_quarter_shows_by_month() -> None:
    whole = Beside("", BEGINS[0], BEGINS[1], {"found": 60, "months.2026-01": 20}, frozenset(), [])
    month = Beside("2026-01", BEGINS[0], date(2026, 2, 1), {"found": 20}, frozenset({"months.2026-01"}), [])
    assert hidden_beside(whole, [month], smallest=5) == {"months.2026-01"}


def worked_out_small(seed: int) -> set[str]:
    """Publish four quarters and their year in some order; return the small counts that somebody works out of all."""
    chance = random.Random(seed)
    quarters = [counts(*(chance.choice([0, 1, 2, 3, 4, 6, 9, 20, 50]) for _ in range(3))) for _ in range(4)]
    whole = {key: sum(one[key] for one in quarters) for key in quarters[0]}
    reports: list[Beside] = []
    for place in chance.sample(range(5), 5):
        reports.append(year(whole, reports) if place == 4 else quarter(place + 1, quarters[place], reports))
    told = nested._told(reports, list(nested._across(reports, sorted(whole))))
    true = {f"Q{place} {key}": value for place, one in enumerate(quarters, 1) for key, value in one.items()}
    true |= {f"year {key}": value for key, value in whole.items()}
    return {name for name in told if 0 < true[name] < 5}


def test_whatever_the_counts_and_the_order_no_small_count_follows_from_all_of_them_together() -> None:
    # At the last ones the sums of several quarters told one, when no sum alone did.
    assert [seed for seed in (*range(60), 128, 191, 201) if worked_out_small(seed)] == []


def test_planted_a_year_that_looks_at_itself_alone_would_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted bug: what was published earlier is not looked at."""
    monkeypatch.setattr(nested, "_across", lambda *_: iter(()))
    earlier = [quarter(1, counts(3, 30, 40), []), *(quarter(n, counts(20, 30, 40), []) for n in (2, 3, 4))]
    assert "a" in year(counts(63, 120, 160), earlier).shown
