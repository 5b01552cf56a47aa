"""Lookups that one process counted ahead of a member's budget, and what became of them since; in memory alone.

A key that asks often would otherwise cost a write to disk for every lookup. So the write that counts one lookup counts
some more, says so in the log, and these are used up in memory. What is ahead was counted and logged before it is used:
a process that is killed has answered no lookup that was not.
"""

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

LIFE = timedelta(seconds=1)
"""How long what is ahead may be used; then what was used is logged, and the rest given back."""
SHARE, MOST = 100, 10_000
"""At most the hundredth part of a day's budget is ahead, and so many."""


@dataclass(frozen=True)
class Asking:
    """What is counted of lookups: requests, hashes in them, those found, and those too unclear to be compared."""

    requests: int = 0
    lines: int = 0
    found: int = 0
    unclear: int = 0

    def __add__(self, other: "Asking") -> "Asking":
        """Return both together."""
        return Asking(
            self.requests + other.requests,
            self.lines + other.lines,
            self.found + other.found,
            self.unclear + other.unclear,
        )


@dataclass
class Account:
    """One key of a member in this process. Who reads or writes it holds the lock.

    At the moment ``at`` it counted ``first`` lookups, which were answered at once, and ``size`` ahead; ``used`` is what
    was asked of these since.
    """

    lock: threading.Lock = field(default_factory=threading.Lock)
    at: datetime | None = None
    first: int = 0
    size: int = 0
    used: Asking = Asking()

    @property
    def left(self) -> int:
        """Return how many of those ahead were not used."""
        return self.size - self.used.lines

    def is_over(self, now: datetime) -> bool:
        """Say whether what is ahead may be used no more, also after a clock was set back."""
        return self.at is None or not timedelta(0) <= now - self.at < LIFE

    def may_use(self, lines: int, now: datetime) -> bool:
        """Say whether so many lookups are ahead."""
        return 0 < lines <= self.left and not self.is_over(now)

    def wants(self, daily: int, now: datetime) -> int:
        """Return how many to count ahead: twice what was asked since the last time, nothing if that is long ago."""
        if self.at is None or not timedelta(0) <= now - self.at < 2 * LIFE:
            return 0
        return min(2 * (self.first + self.used.lines), daily // SHARE, MOST)

    def begin(self, first: int, size: int, now: datetime) -> None:
        """Keep what was counted just now."""
        self.at, self.first, self.size, self.used = now, first, size, Asking()

    def end(self) -> None:
        """Have nothing ahead any more: what was used is logged, and the rest given back."""
        self.first, self.size, self.used = self.first + self.used.lines, 0, Asking()
