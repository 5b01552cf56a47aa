"""What a hotline can cope with: many runs of the simulation, for more and more that comes in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from openhotline.forecast.models.hotline import DAY, HOUR, Hotline, Seconds
from openhotline.forecast.models.simulation import Played, simulate

FACTORS = (1.0, 10.0, 100.0)
MOST_DAYS = 366
Z_95 = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class Spread:
    """A number over all runs: its mean with the 95 % interval of that mean; None where no run has one."""

    mean: float | None
    low: float | None
    high: float | None

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Return the spread of one value a run."""
        if not values:
            return cls(None, None, None)
        mean = float(np.mean(values))
        half = Z_95 * float(np.std(values, ddof=1)) / len(values) ** 0.5 if len(values) > 1 else 0.0
        return cls(mean, mean - half, mean + half)


@dataclass(frozen=True)
class Wait:
    """How long stacks of a band wait until they are decided, in seconds: half, and nine tenths of them.

    None: longer than was played.
    """

    band: str
    stacks: int
    half: float | None
    nine_tenths: float | None


@dataclass(frozen=True)
class Scenario:
    """What comes of one factor. ``backlog`` has a row a day: mean, and what 90 % of runs lie between."""

    factor: float
    stacks_a_day: float
    people_needed: float
    load: float
    backlog: tuple[tuple[float, float, float], ...]
    settled: Spread
    waits: tuple[Wait, ...]
    looked_a_day: Spread
    most_looked_a_day: float
    worked: Spread
    opinions: Spread
    breaks_a_day: Spread


def scenarios(
    hotline: Hotline,
    *,
    days: int = 28,
    factors: Sequence[float] = FACTORS,
    runs: int = 10,
    seed: int = 1,
    tell: Callable[[int, int], None] = lambda _done, _all: None,
) -> list[Scenario]:
    """Play each factor ``runs`` times over ``days`` days. Raises ValueError for what cannot be played."""
    if not 1 <= days <= MOST_DAYS or not 1 <= runs <= 1000 or not factors or min(factors) <= 0:
        raise ValueError(
            f"{days} days, {runs} runs, factors {list(factors)}: days go from 1 to {MOST_DAYS}, runs from 1 to 1,000, "
            "and each factor is above 0."
        )
    found = []
    for number, factor in enumerate(factors):
        more = replace(hotline, stacks_a_day=hotline.stacks_a_day * factor)
        played = []
        for run in range(runs):
            # Each run has a seed of its own, the same for every factor and machine.
            played.append(simulate(more, days=days, rng=np.random.default_rng([seed, number, run])))
            tell(number * runs + run + 1, len(factors) * runs)
        found.append(_scenario(more, factor, days, played))
    return found


def _scenario(hotline: Hotline, factor: float, days: int, played: Sequence[Played]) -> Scenario:
    ends = (np.arange(1, days + 1) * DAY - 1).astype(np.float64)
    backlog = np.array([one.backlog(ends) for one in played])
    low, high = np.percentile(backlog, (5, 95), axis=0)
    # A day on which nobody looked at anything is no day of looking.
    looked = [float(np.mean(one.days)) for one in played if one.days]
    person_days = hotline.analysts * sum(day % 7 < hotline.days_a_week for day in range(days))
    return Scenario(
        factor=factor,
        stacks_a_day=hotline.stacks_a_day,
        people_needed=hotline.people_needed,
        load=hotline.people_needed / hotline.analysts,
        backlog=tuple(zip(backlog.mean(axis=0).tolist(), low.tolist(), high.tolist(), strict=True)),
        settled=Spread.of([float(np.isfinite(one.settled).mean()) for one in played if len(one.settled)]),
        waits=tuple(_wait(band.name, number, played) for number, band in enumerate(hotline.bands)),
        looked_a_day=Spread.of(looked),
        most_looked_a_day=max((max(one.days) for one in played if one.days), default=0.0),
        worked=Spread.of([one.worked / (person_days * hotline.hours * HOUR) for one in played]),
        opinions=Spread.of([float(sum(one.opinions)) for one in played]),
        breaks_a_day=Spread.of([one.breaks / person_days for one in played]),
    )


def _wait(name: str, band: int, played: Sequence[Played]) -> Wait:
    these = [(one, (one.band == band) & one.selected) for one in played]
    lasted = np.concatenate([np.minimum(one.settled[rows], one.until) - one.came[rows] for one, rows in these])
    ended = np.concatenate([np.isfinite(one.settled[rows]) for one, rows in these])
    half, most = (_quantile(lasted, ended, share) for share in (0.5, 0.9))
    return Wait(name, len(lasted), half, most)


def _quantile(lasted: Seconds, ended: NDArray[np.bool_], share: float) -> float | None:
    """Return after how long that share has ended, by Kaplan and Meier: what still waits has waited at least so long."""
    order = np.lexsort((~ended, lasted))
    at_risk = len(lasted) - np.arange(len(lasted))
    staying = np.cumprod(1 - ended[order] / at_risk)
    gone = np.flatnonzero(staying <= 1 - share + 1e-12)
    return float(lasted[order][gone[0]]) if len(gone) else None
