"""What falls due by the clock and fails: kept until it is done again, and told when that takes too long.

What fails is tried again at the next tick, for ever. The log says why, but nobody reads a log where nothing is missed:
so the health page and `openhotline check` name what has failed for longer than `TOLD_AFTER`, and say so when nothing
was gone through for as long, because no worker runs or one hangs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import F

from openhotline.core import models

KEPT_EVERY = timedelta(minutes=1)
TOLD_AFTER = timedelta(minutes=10)
"""A mail server that is started anew, or a full disk that somebody mends, is back by then."""


@dataclass(frozen=True)
class LeftUndone:
    """What was not done though it was tried again and again, since when, and what kind of error the last one was."""

    name: str
    since: datetime
    times: int
    error: str

    @property
    def sentence(self) -> str:
        """Say it to an operator."""
        return (
            f"What falls due by the clock is not done: {self.name}. Tried {self.times:,} times since "
            f"{self.since:%d %B %Y, %H:%M} UTC, the last time {self.error}. The log in $VAR/log says why."
        )


def do_all(due: Mapping[str, Callable[[datetime], int]], now: datetime) -> dict[str, int]:
    """Do each of what is due, whatever becomes of the others; return how much of each.

    What fails is kept. Raises ExceptionGroup with every error, once all was tried; at once when nothing can be kept, as
    the database went away.
    """
    failed_before = set(models.Overdue.objects.values_list("name", flat=True))
    done: dict[str, int] = {}
    errors: list[Exception] = []
    for name, do in due.items():
        try:
            done[name] = do(now)
        except Exception as error:  # noqa: BLE001 - whatever it is, the others are due as well; all of them are raised
            error.add_note(f"while this was due: {name}")
            errors.append(error)
            _keep(name, error)
        else:
            if name in failed_before:
                models.Overdue.objects.filter(name=name).delete()
    _keep_round()
    if errors:
        raise ExceptionGroup("not all that fell due was done", errors)
    return done


def overdue() -> list[LeftUndone]:
    """Return what has failed for longer than `TOLD_AFTER`, the longest first."""
    rows = models.Overdue.objects.filter(since__lt=datetime.now(UTC) - TOLD_AFTER).order_by("since")
    return [LeftUndone(row.name, row.since, row.times, row.error) for row in rows]


def standstill() -> str | None:
    """Say to an operator that nothing which falls due was gone through for longer than `TOLD_AFTER`; None if it was."""
    last = models.Round.objects.filter(ended_at__lt=datetime.now(UTC) - TOLD_AFTER).first()
    if last is None:
        return None
    return (
        f"Nothing that falls due by the clock was done since {last.ended_at:%d %B %Y, %H:%M} UTC: no worker runs, "
        "or it hangs. Start `openhotline worker`, or stop and start the one that hangs; what is due is done then."
    )


def _keep_round() -> None:
    ended_at = datetime.now(UTC)
    # A write to disk every two seconds would say no more.
    models.Round.objects.filter(pk=1, ended_at__lt=ended_at - KEPT_EVERY).update(ended_at=ended_at)
    models.Round.objects.get_or_create(pk=1, defaults={"ended_at": ended_at})


def _keep(name: str, error: Exception) -> None:
    at, kind = datetime.now(UTC), type(error).__name__[:64]
    again = models.Overdue.objects.filter(name=name)
    if not again.update(tried_at=at, times=F("times") + 1, error=kind):
        models.Overdue.objects.get_or_create(name=name, defaults={"since": at, "tried_at": at, "error": kind})
