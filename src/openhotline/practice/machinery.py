"""What a practice run moves: the practice clock, what falls due by it, and the background jobs."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from openhotline.core import clock, jobs
from openhotline.core.errors import Misconfigured

Tick = Callable[[datetime], dict[str, int]]
PATIENCE = 60.0
WITHOUT_CHANGE = 600.0
_connected: list[Tick] = []


def connect(tick: Tick) -> None:
    """Say what does what has fallen due; the command line calls it once, as practice may not name the journey."""
    _connected[:] = [tick]


def connected() -> Tick:
    """Return what was connected. Raises Misconfigured."""
    if not _connected:
        raise Misconfigured("Nothing does what falls due: call practice.machinery.connect(tick) when starting.")
    return _connected[0]


@dataclass(frozen=True)
class Machinery:
    """``settle`` returns when the background jobs of everything announced so far are done."""

    tick: Tick
    settle: Callable[[], None]

    def now(self) -> datetime:
        """Return the moment of the practice clock."""
        return clock.now()

    def pass_time(self, by: timedelta) -> None:
        """Move the clock forward and do what has fallen due."""
        clock.advance(by)
        self.catch_up()

    def catch_up(self) -> None:
        """Do what is due now, and the jobs that follow from it."""
        self.tick(self.now())
        self.settle()


def work_here() -> None:
    """Run the jobs in this process until none is left; jobs that are tried again later are waited for a while."""
    ends = time.monotonic() + PATIENCE
    jobs.drain()
    while jobs.waiting() and time.monotonic() < ends:
        time.sleep(0.2)
        jobs.drain()


def wait_for_worker(still_up: Callable[[], None]) -> None:
    """Wait until another process has run the jobs; ``still_up`` raises when that process is gone."""
    ends, before = time.monotonic() + WITHOUT_CHANGE, -1
    while (left := jobs.waiting()) and time.monotonic() < ends:
        still_up()
        if left != before:
            ends, before = time.monotonic() + WITHOUT_CHANGE, left
        time.sleep(0.1)
