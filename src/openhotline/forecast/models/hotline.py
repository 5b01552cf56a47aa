"""A hotline as the simulation sees it: what comes in, who works, how long things take. Free of database and clock."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from openhotline.exposure import states as exposure
from openhotline.exposure.models import SHIPPED_LIMITS

HOUR = 3600.0
DAY = 24 * HOUR
Seconds = NDArray[np.float64]


@dataclass(frozen=True)
class Durations:
    """How long something takes, in seconds: drawn from values that were measured, or exponential with their mean."""

    seconds: tuple[float, ...]
    exponential: bool = False

    @property
    def mean(self) -> float:
        """Return the mean in seconds."""
        return float(np.mean(self.seconds))

    def draw(self, rng: np.random.Generator, many: int) -> Seconds:
        """Return that many durations."""
        if self.exponential:
            return rng.exponential(self.mean, many)
        return rng.choice(np.asarray(self.seconds, np.float64), many)


@dataclass(frozen=True)
class Band:
    """Stacks of one priority: its name, its share of those that people decide, and how many wait already."""

    name: str
    share: float
    unsorted: int = 0
    waiting: int = 0


@dataclass(frozen=True)
class Limits:
    """The rules on looking, in seconds: most in a window, then a pause; most a day. As `exposure` has them."""

    window: float
    most_in_window: float
    pause: float
    most_a_day: float

    @classmethod
    def of(cls, limits: exposure.Limits) -> "Limits":
        """Return the limits that people have."""
        spans = (limits.window, limits.most_in_window, limits.pause, limits.most_a_day)
        return cls(*(span.total_seconds() for span in spans))


AS_SHIPPED = Limits.of(SHIPPED_LIMITS)
NO_LIMITS = replace(AS_SHIPPED, most_in_window=float("inf"), most_a_day=float("inf"))


@dataclass(frozen=True)
class Hotline:
    """Everything the simulation takes.

    ``stacks_a_day`` come in at random moments, each a near-duplicate stack. ``aside_by_machine`` of them are settled
    without a person and ``direct`` go to assessment without a sorting sheet; the others wait for one, where ``kept``
    of them are kept. A stack takes ``opinions`` first opinions (parts that cannot share a decision). ``second`` of
    the first opinions ask a second, ``third`` of the seconds a third, which one of the ``seniors`` gives.
    ``bands`` go first to last. People work ``hours`` a day on the first ``days_a_week`` days of each seven;
    ``look`` is time that counts as exposure, ``beside`` the rest of an opinion, ``glimpse`` seconds a tile.
    """

    stacks_a_day: float
    analysts: int
    seniors: int
    look: Durations
    beside: Durations
    bands: tuple[Band, ...]
    aside_by_machine: float = 0.0
    direct: float = 0.0
    kept: float = 1.0
    opinions: float = 1.0
    second: float = 0.0
    third: float = 0.0
    glimpse: float = 1.0
    tiles: int = 60
    hours: float = 7.5
    days_a_week: int = 5
    limits: Limits = AS_SHIPPED

    def on_duty(self, at: float) -> float:
        """Return when somebody who is free at that second can work: then, or at the start of the next working day."""
        day, second = divmod(at, DAY)
        if day % 7 < self.days_a_week and second < self.hours * HOUR:
            return at
        day += 1
        while day % 7 >= self.days_a_week:
            day += 1
        return day * DAY

    @property
    def seconds_a_stack(self) -> tuple[float, float]:
        """Return what one stack that comes in costs on average: seconds of work, and of them seconds of looking."""
        to_sheets = 1 - self.aside_by_machine - self.direct
        decided = (self.direct + to_sheets * self.kept) * self.opinions * (1 + self.second * (1 + self.third))
        looking = to_sheets * self.glimpse + decided * self.look.mean
        return looking + decided * self.beside.mean, looking

    @property
    def seconds_of_a_person(self) -> float:
        """Return the most seconds of work that the rules leave one person on an average day of the week."""
        work, looking = self.seconds_a_stack
        if work == 0:
            return self.hours * HOUR * self.days_a_week / 7
        share = looking / work
        limits = self.limits
        spell = min(limits.most_in_window / share, self.hours * HOUR) if share else self.hours * HOUR
        worked = self.hours * HOUR * spell / (spell + limits.pause) if spell < self.hours * HOUR else spell
        by_budget = limits.most_a_day / share if share else worked
        return min(worked, by_budget) * self.days_a_week / 7

    @property
    def people_needed(self) -> float:
        """Return how many people it takes for the queue not to grow for ever: work that comes in by work of one."""
        return self.stacks_a_day * self.seconds_a_stack[0] / self.seconds_of_a_person

    def check(self) -> None:
        """Raise ValueError with a sentence for numbers that make no hotline."""
        shares = {
            "set aside by machine": self.aside_by_machine,
            "direct to assessment": self.direct,
            "both together": self.aside_by_machine + self.direct,
            "kept at sheets": self.kept,
            "second opinions": self.second,
            "third opinions": self.third,
            "all bands together": sum(band.share for band in self.bands),
        }
        for name, share in shares.items():
            if not 0 <= share <= 1 + 1e-9:
                raise ValueError(f"The share of {name} is {share:g}; a share is from 0 to 1.")
        _least("analysts", self.analysts, 1)
        _least("hours a day", self.hours, 0.5)
        if self.hours > 24 or not 1 <= self.days_a_week <= 7 or not 0 <= self.seniors <= self.analysts:
            raise ValueError(
                f"{self.analysts} analysts, {self.seniors} of them senior, {self.hours:g} hours on {self.days_a_week} "
                "days: hours go to 24, days from 1 to 7, and seniors are some of the analysts."
            )


def _least(name: str, value: float, least: float) -> None:
    if value < least:
        raise ValueError(f"{value:g} {name} is too little; the least is {least:g}.")


def bands_of(points: Sequence[tuple[int, int]]) -> tuple[tuple[int, float], ...]:
    """Cut (points, stacks) pairs into at most three bands of about a third: (least points, share), highest first."""
    every = sum(many for _, many in points)
    bands: list[tuple[int, float]] = []
    for value, many in sorted(points, reverse=True):
        # A band is full once a third lies in it; the last takes what is left.
        if bands and (bands[-1][1] < every / 3 or len(bands) == 3):
            bands[-1] = (value, bands[-1][1] + many)
        else:
            bands.append((value, float(many)))
    return tuple((least, many / every) for least, many in bands)
