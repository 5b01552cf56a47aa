"""No small count can be read in a report, nor worked out from what it shows."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhotline.statistics.models import suppression
from openhotline.statistics.models.suppression import Sum, hidden_keys, worked_out

SUMS: list[Sum] = [("found", ("a", "b", "c")), ("b", ("x", "y", "z")), ("found", ("m", "n"))]
COUNT = st.one_of(st.integers(0, 8), st.integers(0, 500))


def values_of(counts: tuple[int, ...]) -> dict[str, int]:
    """Parts in two levels, and the same whole parted once more by something else."""
    a, c, x, y, z, m = counts
    b = x + y + z
    found = a + b + c
    return {
        "a": a,
        "b": b,
        "c": c,
        "x": x,
        "y": y,
        "z": z,
        "found": found,
        "m": min(m, found),
        "n": found - min(m, found),
    }


def stories(values: dict[str, int], hidden: set[str], most: int = 40) -> dict[str, set[int]]:
    """Every value that each hidden count could have, for somebody who knows what is shown: by trying them."""
    free = sorted(hidden & {"a", "c", "x", "y", "z", "m"})
    found: dict[str, set[int]] = {key: set() for key in hidden}
    for tried in product(range(most), repeat=len(free)):
        base = values | dict(zip(free, tried, strict=True))
        base["b"] = base["x"] + base["y"] + base["z"]
        base["found"] = base["a"] + base["b"] + base["c"]
        base["n"] = base["found"] - base["m"]
        if all(base[key] == values[key] for key in values if key not in hidden):
            for key in hidden:
                found[key].add(base[key])
    return found


def test_a_small_part_takes_the_next_one_with_it() -> None:
    values = values_of((3, 40, 0, 57, 0, 0))
    assert hidden_keys(values, SUMS, smallest=5) == {"a", "c"}


def test_a_part_of_a_part_is_hidden_on_both_levels() -> None:
    """One is small; the next goes with it, so that the whole of both may stay."""
    values = values_of((100, 100, 3, 50, 0, 0))
    assert hidden_keys(values, SUMS, smallest=5) == {"x", "y"}


def test_two_tables_of_one_whole_tell_nothing_together() -> None:
    values = values_of((3, 0, 0, 0, 0, 3))
    hidden = hidden_keys(values, SUMS, smallest=5)
    assert {"a", "m", "found"} <= hidden


def test_zero_and_enough_are_shown() -> None:
    assert hidden_keys(values_of((0, 10, 5, 5, 0, 0)), SUMS, smallest=5) == set()


def test_a_sum_that_does_not_hold_hides_nothing_more() -> None:
    assert hidden_keys({"whole": 100, "p": 3, "q": 40}, [("whole", ("p", "q"))], smallest=5) == {"p"}


@given(st.tuples(COUNT, COUNT, COUNT, COUNT, COUNT, COUNT))
def test_no_small_count_is_shown_or_worked_out(counts: tuple[int, ...]) -> None:
    values = values_of(counts)
    hidden = hidden_keys(values, SUMS, smallest=5)
    assert {key for key, value in values.items() if 0 < value < 5} <= hidden
    told = worked_out(hidden, SUMS)
    # What is left when all of a sum is hidden but zeros equals its whole, which is hidden too.
    assert told == set()


@given(st.tuples(*[st.integers(0, 12)] * 2, *[st.integers(0, 6)] * 3, st.integers(0, 9)))
def test_for_whoever_tries_everything_each_hidden_count_has_two_stories(counts: tuple[int, ...]) -> None:
    values = values_of(counts)
    hidden = hidden_keys(values, SUMS, smallest=5)
    if len(hidden & {"a", "c", "x", "y", "z", "m"}) <= 2:
        assert all(len(said) > 1 for said in stories(values, hidden).values())


def test_planted_without_secondary_suppression_it_is_worked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted bug: only the small counts themselves are left out."""
    monkeypatch.setattr(suppression, "shown_of_weak_sum", lambda *_: None)
    hidden = hidden_keys(values_of((3, 40, 0, 57, 0, 0)), SUMS, smallest=5)
    assert worked_out(hidden, SUMS) == {"a"}
