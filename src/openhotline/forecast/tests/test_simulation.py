"""The simulation, held against queueing theory and against the rules on looking."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhotline.core.errors import NotNow
from openhotline.exposure.models import SHIPPED_LIMITS
from openhotline.exposure.states import Look, check_may_look
from openhotline.forecast.models.capacity import Spread, scenarios
from openhotline.forecast.models.hotline import AS_SHIPPED, DAY, NO_LIMITS, Band, Durations, Hotline, bands_of
from openhotline.forecast.models.looking import Looking
from openhotline.forecast.models.queueing import mmc_wait, priority_waits
from openhotline.forecast.models.simulation import simulate

pytestmark = pytest.mark.slow

BEGIN = datetime(2026, 11, 2, tzinfo=UTC)
THEORY = Hotline(
    stacks_a_day=0, analysts=1, seniors=0, look=Durations((100.0,), exponential=True), beside=Durations((0.0,)),
    bands=(Band("all", 1.0),), direct=1.0, hours=24, days_a_week=7, limits=NO_LIMITS,
)  # fmt: skip
HOTLINE = Hotline(
    stacks_a_day=100, analysts=4, seniors=1, look=Durations((20.0, 36.0)), beside=Durations((30.0,)),
    bands=(Band("first", 0.3), Band("last", 0.7)), aside_by_machine=0.2, direct=0.1, kept=0.5, opinions=1.2,
    second=0.3, third=0.2,
)  # fmt: skip


def waits(hotline: Hotline, *, runs: int, days: float) -> list[Spread]:
    """Mean seconds before service of each band, without the first tenth, which fills an empty hotline."""
    means: list[list[float]] = [[] for _ in hotline.bands]
    for run in range(runs):
        played = simulate(hotline, days=days, rng=np.random.default_rng([1, run]))
        there = np.isfinite(played.began) & (played.came > played.until / 10)
        for band, each in enumerate(means):
            rows = there & (played.band == band)
            each.append(float((played.began - played.came)[rows].mean()))
    return [Spread.of(each) for each in means]


def holds(found: Spread, theory: float) -> bool:
    """Say whether theory lies within twice the 95 % interval of the mean over runs."""
    assert found.mean is not None
    assert found.high is not None
    return abs(found.mean - theory) <= 2 * (found.high - found.mean)


@pytest.mark.parametrize(("servers", "load"), [(1, 0.7), (3, 0.8)])
def test_waits_are_those_of_queueing_theory(servers: int, load: float) -> None:
    rate = load * servers / 100
    (found,) = waits(replace(THEORY, analysts=servers, stacks_a_day=rate * DAY), runs=8, days=2)
    theory = mmc_wait(arrivals=rate, service=100, servers=servers)
    assert holds(found, theory)
    assert not holds(found, 1.5 * theory)


def test_the_first_priority_waits_as_theory_says_and_the_last_for_it() -> None:
    bands = (Band("first", 0.5), Band("last", 0.5))
    found = waits(replace(THEORY, bands=bands, stacks_a_day=0.008 * DAY), runs=8, days=5)
    first, last = priority_waits(arrivals=[0.004, 0.004], service=100)
    assert holds(found[0], first)
    assert holds(found[1], last)
    assert last > 4 * first


def test_a_queue_that_grows_for_ever_has_no_mean_wait() -> None:
    with pytest.raises(ValueError, match="grows for ever"):
        mmc_wait(arrivals=0.03, service=100, servers=3)
    with pytest.raises(ValueError, match="wait for ever"):
        priority_waits(arrivals=[0.006, 0.006], service=100)


@given(
    st.lists(st.tuples(st.floats(0, 1500), st.floats(1, 600)), min_size=1, max_size=60),
)
def test_breaks_and_budget_are_those_of_the_rules(looks: list[tuple[float, float]]) -> None:
    """The running sums allow and forbid exactly what `exposure` does, look by look."""
    looking, done, at = Looking(AS_SHIPPED), list[Look](), 0.0
    for gap, seconds in looks:
        # Whole seconds: a datetime keeps no more than microseconds.
        at = round(at + gap)
        moment = BEGIN + timedelta(seconds=at)
        try:
            check_may_look(done, moment, SHIPPED_LIMITS)
        except NotNow:
            assert looking.rest(at) > 0
        else:
            assert looking.rest(at) == 0
            looking.look(at, round(seconds))
            done.append(Look(moment, round(seconds)))
            at += round(seconds)


def test_the_same_seed_plays_the_same_run() -> None:
    one, other = (simulate(HOTLINE, days=7, rng=np.random.default_rng(3)) for _ in range(2))
    assert np.array_equal(one.settled, other.settled)
    assert one.opinions == other.opinions


def test_nobody_works_at_night_or_on_the_weekend() -> None:
    played = simulate(HOTLINE, days=14, rng=np.random.default_rng(1))
    began = played.began[np.isfinite(played.began)]
    assert (began % DAY < HOTLINE.hours * 3600).all()
    assert (began // DAY % 7 < 5).all()


def test_a_flood_waits_and_nobody_looks_longer_for_it() -> None:
    calm, flood = scenarios(HOTLINE, days=7, factors=(1, 100), runs=2)
    assert calm.load < 1 < flood.load
    assert flood.backlog[-1][0] > 10 * calm.backlog[-1][0]
    assert flood.waits[-1].half is None
    assert flood.most_looked_a_day <= AS_SHIPPED.most_a_day + HOTLINE.tiles * HOTLINE.glimpse


def test_planted_rules_that_never_rest_let_people_look_longer() -> None:
    tireless = replace(HOTLINE, limits=NO_LIMITS, beside=Durations((0.0,)))
    (flood,) = scenarios(tireless, days=7, factors=(100,), runs=1)
    assert flood.most_looked_a_day > AS_SHIPPED.most_a_day + HOTLINE.tiles * HOTLINE.glimpse


def test_what_waits_already_is_worked_off() -> None:
    waiting = replace(HOTLINE, stacks_a_day=0, bands=(Band("first", 1.0, unsorted=40, waiting=10),))
    played = simulate(waiting, days=1, rng=np.random.default_rng(1))
    assert played.backlog(np.array([0.0, DAY - 1])).tolist() == [50, 0]


def test_second_and_third_opinions_are_asked_as_often_as_measured() -> None:
    enough = replace(HOTLINE, seniors=HOTLINE.analysts)
    first, second, third = simulate(enough, days=56, rng=np.random.default_rng(1)).opinions
    assert second / first == pytest.approx(HOTLINE.second, abs=0.05)
    assert third / second == pytest.approx(HOTLINE.third, abs=0.06)


def test_a_third_waits_for_ever_where_the_only_senior_has_given_one_already() -> None:
    """Nobody gives two opinions on one item: with one senior, about half of the thirds find nobody."""
    _, second, third = simulate(HOTLINE, days=56, rng=np.random.default_rng(1)).opinions
    assert third / second < 0.7 * HOTLINE.third


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kept": 1.2}, "from 0 to 1"),
        ({"analysts": 0}, "analysts"),
        ({"analysts": 1, "seniors": 0}, "two people"),
        ({"seniors": 0}, "senior"),
        ({"hours": 30}, "hours go to 24"),
    ],
)
def test_an_impossible_hotline_is_refused_with_the_reason(change: dict[str, float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        simulate(replace(HOTLINE, **change), days=1, rng=np.random.default_rng(1))  # type: ignore[arg-type]


def test_bands_are_about_a_third_each_and_the_most_points_first() -> None:
    assert bands_of([(0, 60), (10, 20), (90, 20)]) == ((10, 0.4), (0, 0.6))
    assert bands_of([(5, 7)]) == ((5, 1.0),)
    many = bands_of(list(Counter(range(12)).items()))
    assert [least for least, _ in many] == [8, 4, 0]
    assert sum(share for _, share in many) == pytest.approx(1)
