"""When somebody may look, and what a look counts: free of database, HTTP and clock."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import median

from openhotline.accounts.models import Person
from openhotline.accounts.states import Permission
from openhotline.core.errors import NotAllowed, NotNow
from openhotline.exposure.models.unusual import Unusual, UnusualHour, UnusualNumber
from openhotline.exposure.states import (
    GLIMPSE_SECONDS,
    LONGEST_SHIFT,
    SECONDS_A_PICTURE,
    SILENCE,
    Look,
    Rule,
    break_until,
    check_may_look,
    check_shift,
)

__all__ = [
    "GLIMPSE_SECONDS",
    "SECONDS_A_PICTURE",
    "Look",
    "Reveal",
    "Strange",
    "break_until",
    "check_may_look",
    "check_may_read",
    "check_shift",
    "check_shift_end",
    "counted_seconds",
    "silent_seconds",
    "strange_now",
    "strange_undecided",
]


@dataclass(frozen=True)
class Reveal:
    """One item shown unblurred: which, and when."""

    subject: str
    at: datetime


@dataclass(frozen=True)
class Strange:
    """What a rule finds: how many, measured against which number, on which day, of which item if it is of one."""

    rule: Rule
    on: date
    count: int
    usual: float
    subject: str = ""


def counted_seconds(*, claimed: float, shown_at: datetime, now: datetime) -> float:
    """Return what a look counts: what the page says, never more than has passed since the bytes were shown."""
    return min(max(0.0, claimed), max(0.0, (now - shown_at).total_seconds()))


def silent_seconds(*, shown_at: datetime, beat_at: datetime | None) -> float:
    """Return what a look counts that was never reported to have ended: as long as it can have lasted."""
    return ((beat_at or shown_at) - shown_at + SILENCE).total_seconds()


def check_shift_end(ends_at: datetime | None, now: datetime) -> None:
    """Raise NotNow unless a shift ends later than now, and within 14 hours."""
    if ends_at is not None and not now < ends_at <= now + LONGEST_SHIFT:
        hours = int(LONGEST_SHIFT.total_seconds() / 3600)
        raise NotNow(f"A shift ends later than now and within {hours} hours. Write the time at which yours ends.")


def check_may_read(actor: Person, *, consents: bool) -> None:
    """Raise NotAllowed unless this is the welfare lead, and the person whose figures they are has consented."""
    if not actor.may(Permission.READ_EXPOSURE):
        raise NotAllowed(f"A {actor.role_name.lower()} does not read one person's figures; nobody's manager does.")
    if not consents:
        raise NotAllowed("This person has not consented. Ask them: they say so, and take it back, on their own page.")


def strange_now(reveals: Sequence[Reveal], rules: Unusual, *, since: datetime, now: datetime) -> list[Strange]:
    """Return what is unusual in one person's reveals since then, against their own earlier ones (in order of time)."""
    fresh = [one for one in reveals if since <= one.at < now]
    found = _repeated(reveals, fresh, rules)
    for day in sorted({_day(one) for one in fresh}):
        before = [one for one in reveals if _day(one) < day]
        found += _number([one for one in reveals if _day(one) == day], before, day, rules.unusual_number)
        found += _hour([one for one in fresh if _day(one) == day], before, day, rules.unusual_hour)
    return found


def strange_undecided(undecided: Sequence[Reveal], rules: Unusual, *, on: date) -> list[Strange]:
    """Return what is unusual in one person's reveals that were not settled in time."""
    rule, items = rules.without_decision, {one.subject for one in undecided}
    return [Strange(Rule.UNDECIDED, on, len(items), rule.most)] if len(items) > rule.most else []


def _repeated(reveals: Sequence[Reveal], fresh: Sequence[Reveal], rules: Unusual) -> list[Strange]:
    rule, found = rules.repeated_reveals, {}
    for one in fresh:
        begins = one.at - timedelta(hours=rule.hours)
        times = sum(other.subject == one.subject and begins < other.at <= one.at for other in reveals)
        if times > rule.most:
            found[one.subject, _day(one)] = Strange(Rule.REPEATED, _day(one), times, rule.most, one.subject)
    return list(found.values())


def _number(today: Sequence[Reveal], before: Sequence[Reveal], day: date, rule: UnusualNumber) -> list[Strange]:
    counts = Counter(_day(one) for one in before if _day(one) >= day - timedelta(days=rule.days))
    if len(counts) < rule.history or len(today) < rule.at_least:
        return []
    usual = float(median(counts.values()))
    return [Strange(Rule.NUMBER, day, len(today), usual)] if len(today) > rule.times * usual else []


def _hour(fresh: Sequence[Reveal], before: Sequence[Reveal], day: date, rule: UnusualHour) -> list[Strange]:
    recent = [one for one in before if _day(one) >= day - timedelta(days=rule.days)]
    if len({_day(one) for one in recent}) < rule.history:
        return []
    usual = {(one.at.astimezone(UTC).hour + beside) % 24 for one in recent for beside in (-1, 0, 1)}
    odd = sum(one.at.astimezone(UTC).hour not in usual for one in fresh)
    return [Strange(Rule.HOUR, day, odd, 0)] if odd else []


def _day(one: Reveal) -> date:
    return one.at.astimezone(UTC).date()
