"""The simulation: stacks come in, people sort and assess them by priority, rest when they must, and go home."""

from collections import deque
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
import simpy
from numpy.typing import NDArray

from openhotline.forecast.models.hotline import DAY, Hotline, Seconds
from openhotline.forecast.models.looking import Looking

LOOK_AT = 50
"""Turns that somebody goes through for one that is theirs to take, as the queue does."""
FIRST, SECOND, THIRD = range(3)
Flags = NDArray[np.bool_]
Waiting = Generator[simpy.Event, object, None]


@dataclass
class Played:
    """What came of one run. Arrays have one place a stack that people had to see, in order of arrival.

    Seconds since the beginning; infinity for what has not happened. ``came`` is 0 for what waited at the beginning.
    ``began``: somebody first looked, at a sheet or for an opinion. ``settled``: decided, or set aside at a sheet.
    """

    until: float
    came: Seconds
    band: NDArray[np.int64]
    selected: Flags
    began: Seconds
    settled: Seconds
    opinions: list[int] = field(default_factory=lambda: [0, 0, 0])
    glimpsed: int = 0
    looked: float = 0.0
    worked: float = 0.0
    breaks: int = 0
    days: list[float] = field(default_factory=list)
    """Seconds of looking, a person and day on which they looked."""

    def backlog(self, moments: Seconds) -> NDArray[np.int64]:
        """Return how many stacks were there and not settled at each moment."""
        came = np.searchsorted(self.came, moments, side="right")
        return (came - np.searchsorted(np.sort(self.settled), moments, side="right")).astype(np.int64)


@dataclass
class _Turn:
    stack: int
    opinion: int
    queued: float
    given_by: tuple[int, ...] = ()


def simulate(hotline: Hotline, *, days: float, rng: np.random.Generator) -> Played:
    """Play that many days. The same generator state gives the same run. Raises ValueError for an impossible hotline."""
    hotline.check()
    if hotline.second and hotline.analysts < 2:
        raise ValueError("Second opinions take two people, and there is one analyst. Add one, or set the share to 0.")
    if hotline.second and hotline.third and not hotline.seniors:
        raise ValueError("A third opinion takes a senior analyst, and there is none. Add one, or set the share to 0.")
    return _Run(hotline, days * DAY, rng).play()


class _Run:
    def __init__(self, hotline: Hotline, until: float, rng: np.random.Generator) -> None:
        self.hotline, self.rng, self.env = hotline, rng, simpy.Environment()
        self.played = _arrivals(hotline, until, rng)
        bands = range(len(hotline.bands))
        to_people = 1 - hotline.aside_by_machine
        many = len(self.played.came)
        direct = rng.random(many) < (hotline.direct / to_people if to_people else 0)
        waits_for_turn = _already(hotline)
        direct[: len(waits_for_turn)] = waits_for_turn
        self.played.selected = direct | (rng.random(many) < hotline.kept)
        self.left = np.zeros(many, np.int64)
        """First opinions, and what followed of them, that a stack still needs."""
        self.parts = np.maximum(1, int(hotline.opinions) + (rng.random(many) < hotline.opinions % 1))
        self.sheets = [_Line(np.flatnonzero((self.played.band == band) & ~direct), self.played.came) for band in bands]
        self.direct = [_Line(np.flatnonzero((self.played.band == band) & direct), self.played.came) for band in bands]
        self.turns: list[deque[_Turn]] = [deque() for _ in bands]
        self.idle: deque[simpy.Event] = deque()
        self.watched = False
        self.chance = _drawn(rng)
        self.looks = _seconds(hotline, rng)

    def play(self) -> Played:
        looking = [Looking(self.hotline.limits) for _ in range(self.hotline.analysts)]
        for who, one in enumerate(looking):
            self.env.process(self._person(who, one))
        self.env.run(until=self.played.until)
        self.played.breaks = sum(one.breaks for one in looking)
        self.played.days.extend(one.today for one in looking if one.today)
        return self.played

    def _person(self, who: int, looking: Looking) -> Waiting:
        env, hotline = self.env, self.hotline
        day = 0.0
        while True:
            at = hotline.on_duty(env.now)
            if at > env.now:
                yield env.timeout(at - env.now)
                continue
            if (rest := looking.rest(env.now)) > 0:
                looking.breaks += 1
                self._wake_one()
                yield env.timeout(rest)
                continue
            if env.now // DAY != day:
                self._close_day(looking)
                day = env.now // DAY
            if (turn := self._take_turn(who)) is not None:
                yield from self._give_opinion(who, turn, looking)
            elif sheet := self._take_sheet():
                yield from self._sort(sheet, looking)
            else:
                yield self._something_to_do()

    def _close_day(self, looking: Looking) -> None:
        if looking.today:
            self.played.days.append(looking.today)
            looking.today = 0.0

    def _take_turn(self, who: int) -> _Turn | None:
        for band, turns in enumerate(self.turns):
            place = next((n for n, one in enumerate(islice(turns, LOOK_AT)) if self._may(who, one)), None)
            arrived = self.direct[band].first(self.env.now)
            if arrived is not None and (place is None or self.played.came[arrived] <= turns[place].queued):
                self.direct[band].take()
                self._queue(arrived, all_but=1)
                return _Turn(arrived, FIRST, self.env.now)
            if place is not None:
                turn = turns[place]
                del turns[place]
                return turn
        return None

    def _may(self, who: int, turn: _Turn) -> bool:
        return who not in turn.given_by and (turn.opinion < THIRD or who < self.hotline.seniors)

    def _take_sheet(self) -> list[int]:
        sheet: list[int] = []
        for line in self.sheets:
            while len(sheet) < self.hotline.tiles and (stack := line.first(self.env.now)) is not None:
                line.take()
                sheet.append(stack)
        return sheet

    def _sort(self, sheet: list[int], looking: Looking) -> Waiting:
        seconds = len(sheet) * self.hotline.glimpse
        self._looked(looking, seconds)
        self.played.glimpsed += len(sheet)
        self.played.worked += seconds
        self.played.began[sheet] = np.minimum(self.played.began[sheet], self.env.now)
        yield self.env.timeout(seconds)
        for stack in sheet:
            if self.played.selected[stack]:
                self._queue(stack)
            else:
                self.played.settled[stack] = self.env.now
        self._tell()

    def _queue(self, stack: int, *, all_but: int = 0) -> None:
        parts = int(self.parts[stack])
        self.left[stack] += parts
        turns = self.turns[self.played.band[stack]]
        turns.extend(_Turn(stack, FIRST, self.env.now) for _ in range(parts - all_but))
        if parts > all_but:
            self._tell()

    def _give_opinion(self, who: int, turn: _Turn, looking: Looking) -> Waiting:
        look, beside = next(self.looks)
        self._looked(looking, look)
        self.played.worked += look + beside
        self.played.began[turn.stack] = min(self.played.began[turn.stack], self.env.now)
        yield self.env.timeout(look + beside)
        self.played.opinions[turn.opinion] += 1
        share = (self.hotline.second, self.hotline.third, 0.0)[turn.opinion]
        if next(self.chance) < share:
            given_by = (*turn.given_by, who)
            self.turns[self.played.band[turn.stack]].append(_Turn(turn.stack, turn.opinion + 1, self.env.now, given_by))
            self._tell()
            return
        self.left[turn.stack] -= 1
        if not self.left[turn.stack]:
            self.played.settled[turn.stack] = self.env.now

    def _looked(self, looking: Looking, seconds: float) -> None:
        looking.look(self.env.now, seconds)
        self.played.looked += seconds

    def _something_to_do(self) -> simpy.Event:
        self.idle.append(self.env.event())
        if not self.watched:
            self.watched = True
            self.env.process(self._door())
        return self.idle[-1]

    def _door(self) -> Waiting:
        """Wake one person for each stack that comes in, for as long as somebody has nothing to do."""
        while self.idle and (coming := self._next_arrival()) < self.played.until:
            yield self.env.timeout(coming - self.env.now)
            self._wake_one()
        self.watched = False

    def _wake_one(self) -> None:
        if self.idle:
            self.idle.popleft().succeed()

    def _tell(self) -> None:
        """Wake everybody: not every opinion is everybody's to give."""
        while self.idle:
            self._wake_one()

    def _next_arrival(self) -> float:
        place = int(np.searchsorted(self.played.came, self.env.now, side="right"))
        return float(self.played.came[place]) if place < len(self.played.came) else self.played.until


class _Line:
    """Stacks in the order in which they come; none can be taken before it is there."""

    def __init__(self, stacks: NDArray[np.int64], came: Seconds) -> None:
        self._stacks, self._came = stacks.tolist(), came[stacks].tolist()
        self._place = 0

    def next_at(self) -> float:
        return self._came[self._place] if self._place < len(self._came) else float("inf")

    def first(self, now: float) -> int | None:
        return self._stacks[self._place] if self.next_at() <= now else None

    def take(self) -> None:
        self._place += 1


def _arrivals(hotline: Hotline, until: float, rng: np.random.Generator) -> Played:
    rate = hotline.stacks_a_day * (1 - hotline.aside_by_machine) * until / DAY
    fresh = np.sort(rng.random(rng.poisson(rate)) * until)
    waiting = [
        np.full(many, number)
        for kind in ("waiting", "unsorted")
        for number, band in enumerate(hotline.bands)
        if (many := getattr(band, kind))
    ]
    here = sum(map(len, waiting))
    shares = np.array([band.share for band in hotline.bands])
    drawn = rng.choice(len(shares), len(fresh), p=shares / shares.sum())
    never = np.full(here + len(fresh), np.inf)
    return Played(
        until=until,
        came=np.concatenate([np.zeros(here), fresh]),
        band=np.concatenate([*waiting, drawn]).astype(np.int64),
        selected=np.zeros(len(never), np.bool_),
        began=never.copy(),
        settled=never.copy(),
    )


def _already(hotline: Hotline) -> Flags:
    """Return of what waits at the beginning whether it waits for an opinion, in the order of ``_arrivals``."""
    waiting, unsorted = (sum(getattr(band, kind) for band in hotline.bands) for kind in ("waiting", "unsorted"))
    return np.concatenate([np.ones(waiting, np.bool_), np.zeros(unsorted, np.bool_)])


def _drawn(rng: np.random.Generator) -> Iterator[float]:
    while True:
        yield from rng.random(4096).tolist()


def _seconds(hotline: Hotline, rng: np.random.Generator) -> Iterator[tuple[float, float]]:
    while True:
        looks, beside = (one.draw(rng, 4096).tolist() for one in (hotline.look, hotline.beside))
        yield from zip(looks, beside, strict=True)
