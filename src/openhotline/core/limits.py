"""How often is too often: counts in our own table, over every process; the arithmetic is the library `limits`'.

Who did it is known by a hash that changes every day: keyed, and salted with what is written over the next morning.
Nobody can say later who was counted, and today only with the database and the receipt key at once: neither counts nor
salt are in PostgreSQL's log or in a backup (`core.archive.database`).
"""

import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import F
from limits import RateLimitItem
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter

from openhotline.core import keys
from openhotline.core.models import DaySalt, Tally

_ADD = """
INSERT INTO core_tally AS t (key, many, ends) VALUES {}
ON CONFLICT (key) DO UPDATE SET
    many = CASE WHEN t.ends <= %s THEN excluded.many ELSE t.many + excluded.many END,
    ends = CASE WHEN t.ends <= %s THEN excluded.ends ELSE t.ends END
RETURNING key, many
"""
_SALT = """
INSERT INTO core_daysalt AS t (id, day, salt) VALUES (1, %s, %s)
ON CONFLICT (id) DO UPDATE SET day = excluded.day, salt = excluded.salt WHERE t.day < excluded.day
"""
_SALT_OF = "SELECT salt FROM core_daysalt WHERE id = 1 AND day >= %s"
SALT_BYTES = 32


class Tallies(Storage):
    """The storage that `limits` asks for, over the table of tallies; ``now`` is given, as everywhere."""

    STORAGE_SCHEME = None

    def __init__(self, now: datetime) -> None:
        super().__init__()
        self.now = now

    @property
    def base_exceptions(self) -> type[Exception]:
        """Name what the database raises."""
        return DatabaseError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Add to a tally, begun anew where its window is over; return it."""
        return _added({key: expiry}, amount, self.now)[key]

    def get(self, key: str) -> int:
        """Return a tally, 0 where its window is over."""
        many = Tally.objects.filter(key=key, ends__gt=self.now).values_list("many", flat=True).first()
        return many or 0

    def get_expiry(self, key: str) -> float:
        """Return when the window ends, as a timestamp."""
        ends = Tally.objects.filter(key=key).values_list("ends", flat=True).first()
        return (ends or self.now).timestamp()

    def check(self) -> bool:
        """Say whether the table can be asked."""
        Tally.objects.exists()
        return True

    def reset(self) -> int:
        """Forget all tallies; return how many."""
        return int(Tally.objects.all().delete()[0])

    def clear(self, key: str) -> None:
        """Forget one tally."""
        Tally.objects.filter(key=key).delete()


def _adapted(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)


def _added(windows: Mapping[str, int], amount: int, now: datetime) -> dict[str, int]:
    """Add to the tallies of these keys and return them; one statement, so that none is lost. Windows in seconds."""
    # In one order, so that two who add to the same tallies wait for each other in turn.
    rows = [(key, amount, _adapted(now + timedelta(seconds=windows[key]))) for key in sorted(windows)]
    present = _adapted(now)
    with connection.cursor() as cursor:
        values = ", ".join(["(%s, %s, %s)"] * len(rows))
        cursor.execute(_ADD.format(values), [*(value for row in rows for value in row), present, present])
        return dict(cursor.fetchall())


def count(limits: Sequence[RateLimitItem], *who: str, now: datetime, cost: int = 1) -> bool:
    """Count what ``who`` does; return whether it is still within every limit."""
    return count_each({"": (limits, who)}, now=now, cost=cost)[""]


def count_each(
    counted: Mapping[str, tuple[Sequence[RateLimitItem], Sequence[str]]], *, now: datetime, cost: int = 1
) -> dict[str, bool]:
    """Count one act under several limits, each of its own doer; return by name whether it is still within each.

    Every limit counts, also after one is exceeded.
    """
    keys = {name: {one.key_for(*who): one for one in limits} for name, (limits, who) in counted.items()}
    windows = {key: one.get_expiry() for limits in keys.values() for key, one in limits.items()}
    many = _added(windows, cost, now)
    return {name: all(many[key] <= one.amount for key, one in limits.items()) for name, limits in keys.items()}


def give_back(
    limits: Sequence[RateLimitItem], *who: str, now: datetime, cost: int, counted_at: datetime | None = None
) -> None:
    """Take back what was counted and was not needed; a window that is over meanwhile is left alone.

    ``counted_at`` is when it was counted, left out: now. A window that began later is not made larger by it.
    """
    for one in limits:
        latest = (counted_at or now) + timedelta(seconds=one.get_expiry())
        key = one.key_for(*who)
        Tally.objects.filter(key=key, ends__gt=now, ends__lte=latest, many__gte=cost).update(many=F("many") - cost)


def within(limits: Sequence[RateLimitItem], *who: str, now: datetime) -> bool:
    """Return whether one more would be within every limit; counts nothing."""
    limiter = FixedWindowRateLimiter(Tallies(now))
    return all(limiter.test(one, *who) for one in limits)


def room(limits: Sequence[RateLimitItem], *who: str, now: datetime) -> int:
    """Return how many may be added now so that who comes in the rest of a window still finds their share of it.

    Of a window that half has gone by of, that is half of its limit without what was counted; counts nothing.
    """
    return max(0, min(_room(one, who, now) for one in limits))


def _room(one: RateLimitItem, who: Sequence[str], now: datetime) -> int:
    window = Tally.objects.filter(key=one.key_for(*who), ends__gt=now).values_list("many", "ends").first()
    if window is None:
        return one.amount
    many, ends = window
    gone = 1 - (ends - now).total_seconds() / one.get_expiry()
    return int(one.amount * gone) - many


def take_turn(key: str, *, now: datetime, seconds: int) -> bool:
    """Take the one turn there is of something for so long, over every process; say whether it was free."""
    return Tallies(now).incr(f"turn/{key}", seconds) == 1


def leave_turn(key: str, *, now: datetime, seconds: float) -> None:
    """Give a turn that was taken back; somebody else may have it ``seconds`` later."""
    Tally.objects.filter(key=f"turn/{key}").update(ends=now + timedelta(seconds=seconds))


def hash_of_today(value: str, *, now: datetime) -> str:
    """Return a hash of a sender that is another one tomorrow and cannot be worked out then."""
    salt = hmac.new(keys.load("receipt.key"), _salt_of(now), sha256).digest()
    return hmac.new(salt, value.encode(), sha256).hexdigest()[:32]


def _salt_of(now: datetime) -> bytes:
    day = connection.ops.adapt_datefield_value(now.date())
    with connection.cursor() as cursor:
        if (there := _known(cursor, day)) is None:
            cursor.execute(_SALT, [day, secrets.token_bytes(SALT_BYTES)])
            there = _known(cursor, day)
    assert there is not None
    return bytes(there[0])


def _known(cursor: Any, day: Any) -> "tuple[bytes | memoryview] | None":
    # Who read the clock before midnight and comes after it takes the new day's: the old one is not written back.
    cursor.execute(_SALT_OF, [day])
    found: tuple[bytes | memoryview] | None = cursor.fetchone()
    return found


def forget_tallies(*, before: datetime) -> int:
    """Delete tallies whose window was over before, and the salt of an earlier day; return of how many tallies."""
    DaySalt.objects.filter(day__lt=before.date()).delete()
    return int(Tally.objects.filter(ends__lte=before).delete()[0])
