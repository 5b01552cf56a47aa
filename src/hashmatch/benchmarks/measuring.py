"""What a suite measures and how it says so."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

Step = Callable[[], object]
Seconds = dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Row:
    """One figure beside its bar.

    `median`, `low` and `high`: what we measured, in `unit`. `ratio`: what the bar is about (how many times faster than
    `peer`, or the measured value itself); `bar`: what it must reach, or, if `at_most`, not exceed; None: only stated.
    """

    name: str
    ratio: float
    bar: float | None
    unit: str
    median: float
    low: float
    high: float
    note: str = ""
    peer: str = ""
    peer_median: float | None = None
    at_most: bool = False

    @property
    def reached(self) -> bool | None:
        """Whether the bar is reached; None without one."""
        if self.bar is None:
            return None
        return self.ratio <= self.bar if self.at_most else self.ratio >= self.bar


@dataclass(frozen=True, slots=True)
class Setting:
    """How to measure: `quick` with fewer and smaller samples; `folder` for files that suites share; whom to tell."""

    quick: bool
    folder: Path
    tell: Callable[[str], None]

    def sized(self, full: int, quick: int) -> int:
        """The one or the other."""
        return quick if self.quick else full


def interleaved(contenders: Mapping[str, Step], rounds: int, clock: Callable[[], float] = time.perf_counter) -> Seconds:
    """Seconds that each takes in each round; in a round one after the other, so that a busy machine is busy for all.

    `clock`: `time.process_time` counts this process alone, all its threads together.
    """
    for step in contenders.values():
        step()
    taken: Seconds = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, step in contenders.items():
            begun = clock()
            step()
            taken[name].append(clock() - begun)
    return taken


def compared(
    name: str,
    seconds: Seconds,
    ours: str,
    peer: str,
    *,
    each: int,
    bar: float | None,
    note: str,
    peer_each: int | None = None,
) -> Row:
    """How many times faster than a peer we are: the median of the rounds' ratios; and our milliseconds for one.

    `each`: for how many things the seconds are; `peer_each`: for how many the peer's are, if for others.
    """
    own = [1000 * one / each for one in seconds[ours]]
    theirs = [1000 * one / (peer_each or each) for one in seconds[peer]]
    ratios = [other / one for other, one in zip(theirs, own, strict=True)]
    span = f"{min(ratios):.1f} to {max(ratios):.1f} times"
    return Row(
        name, median(ratios), bar, "ms", median(own), min(own), max(own), f"{span}; {note}", peer, median(theirs)
    )


def stated(name: str, values: list[float], unit: str, note: str = "") -> Row:
    """A figure without a bar."""
    return Row(name, median(values), None, unit, median(values), min(values), max(values), note)


def at_least(name: str, values: list[float], bar: float, unit: str, note: str) -> Row:
    """A figure whose median must reach its bar."""
    return Row(name, median(values), bar, unit, median(values), min(values), max(values), note)


def at_most(name: str, value: float, bar: float, unit: str, note: str) -> Row:
    """A figure that must not exceed its bar."""
    return Row(name, value, bar, unit, value, value, value, note, at_most=True)


Suite = Callable[[Setting], Iterator[Row]]
