"""What the limits on looking mean for a row of looks; their numbers stand in limits.toml."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from openhotline.core.errors import NotNow


class Rule(StrEnum):
    """By which rule looking was unusual; the numbers stand in unusual.toml."""

    REPEATED = "repeated_reveals"
    UNDECIDED = "without_decision"
    NUMBER = "unusual_number"
    HOUR = "unusual_hour"


RULE_WORDS = {
    Rule.REPEATED: "The same item was revealed many times",
    Rule.UNDECIDED: "Items were revealed and not decided",
    Rule.NUMBER: "Far more reveals than this person's usual day",
    Rule.HOUR: "Reveals at an hour at which this person does not look",
}
LONGEST_SHIFT = timedelta(hours=14)
# Until when after the end of a shift nothing is shown.
AFTER_END = timedelta(hours=6)
# A page says every three seconds that a look goes on. After this long without a word the look is over; it counts as
# long as it can have lasted, since the page hides the picture when it cannot be heard.
SILENCE = timedelta(seconds=10)
# What a look counts that was never reported to have ended, and what one look at a tile or a sheet's tile counts.
LONGEST_UNENDED = 120.0
GLIMPSE_SECONDS = 1.0
# What one full look takes where nothing was measured yet; the simulated viewing time of practice.
SECONDS_A_PICTURE = 28.0
GRANT_LIFE = timedelta(seconds=30)


@dataclass(frozen=True)
class Limits:
    """The most looking within a window, after which comes a pause, and the most a day.

    ``before_end`` of a shift pictures end; ``heavy`` is what each second of something heavy counts.
    """

    window: timedelta
    most_in_window: timedelta
    pause: timedelta
    most_a_day: timedelta
    before_end: timedelta
    heavy: float


@dataclass(frozen=True)
class Look:
    """One look: when it began, how many seconds it counts."""

    at: datetime
    seconds: float

    @property
    def end(self) -> datetime:
        """Return when it was over."""
        return self.at + timedelta(seconds=self.seconds)


def start_of_day(now: datetime) -> datetime:
    """Return when the day's budget began: midnight, UTC."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def earliest_that_counts(now: datetime, limits: Limits) -> datetime:
    """Return from when on looks bear on what somebody may do now."""
    return min(start_of_day(now), now - limits.window)


def check_may_look(looks: Sequence[Look], now: datetime, limits: Limits) -> None:
    """Raise NotNow with a sentence when the day's budget is spent or a break is due. ``looks`` in order of time."""
    today = sum(look.seconds for look in looks if look.at >= start_of_day(now))
    if today >= limits.most_a_day.total_seconds():
        raise NotNow(
            f"You have looked at pictures for {_hours(limits.most_a_day)} today, which is the most for one day. "
            "Nothing more is shown until tomorrow; other work is waiting at the desk."
        )
    until = break_until(looks, now, limits)
    if until is not None:
        minutes = max(1, round((until - now).total_seconds() / 60 + 0.49))
        raise NotNow(
            f"A break is due: you looked for {_minutes(limits.most_in_window)} of the last {_minutes(limits.window)} "
            f"minutes. Pictures are shown again in {minutes} min."
        )


def check_shift(ends_at: datetime | None, now: datetime, limits: Limits) -> None:
    """Raise NotNow in the last part of a shift, and in the hours after it."""
    if ends_at is None or not ends_at - limits.before_end <= now < ends_at + AFTER_END:
        return
    if now < ends_at:
        raise NotNow(
            f"Your shift ends within {_minutes(limits.before_end)} minutes: nobody goes home straight from a picture. "
            "Other work is waiting at the desk."
        )
    raise NotNow("Your shift is over. When a new one begins, say on the page Your exposure until when it lasts.")


def break_until(looks: Sequence[Look], now: datetime, limits: Limits) -> datetime | None:
    """Return until when a break lasts, or None when none is due."""
    spell = [look for look in since_last_pause(looks, limits) if look.end > now - limits.window]
    if sum(look.seconds for look in spell) < limits.most_in_window.total_seconds():
        return None
    until = max(look.end for look in spell) + limits.pause
    return until if until > now else None


def since_last_pause(looks: Sequence[Look], limits: Limits) -> list[Look]:
    """Return the looks after the last pause that was long enough to be a break."""
    spell: list[Look] = []
    for look in looks:
        if spell and look.at - max(one.end for one in spell[-3:]) >= limits.pause:
            spell = []
        spell.append(look)
    return spell


def _hours(span: timedelta) -> str:
    return f"{span.total_seconds() / 3600:g} hours"


def _minutes(span: timedelta) -> str:
    return f"{span.total_seconds() / 60:g}"
