"""How often is too often: counts in our own table, over every process; the arithmetic is the library `limits`'.

Who did it is known by a hash that changes every day: keyed, and salted with what is written over the next morning.
Nobody can say later who was counted, and today only with the database and the receipt key at once: neither counts nor
salt are in PostgreSQL's log or in a backup (`core.archive.database`).
"""

import hmac
import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import F, QuerySet
from limits import RateLimitItem
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter

from openhotline.core import keys
from openhotline.core.models import DaySalt, Tally

_ADD = """
INSERT INTO core_tally AS t (key, many, ends) VALUES (%s, %s, %s)
ON CONFLICT (key) DO UPDATE SET
    many = CASE WHEN t.ends <= %s THEN excluded.many ELSE t.many + excluded.many END,
    ends = CASE WHEN t.ends <= %s THEN excluded.ends ELSE t.ends END
RETURNING many
"""
_SALT = """
INSERT INTO core_daysalt AS t (id, day, salt) VALUES (1, %s, %s)
ON CONFLICT (id) DO UPDATE SET day = excluded.day, salt = excluded.salt WHERE t.day < excluded.day
"""
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
        """Add to a tally, begun anew where its window is over; return it. One statement, so that none is lost."""
        ends = _adapted(self.now + timedelta(seconds=expiry))
        present = _adapted(self.now)
        with connection.cursor() as cursor:
            cursor.execute(_ADD, [key, amount, ends, present, present])
            return int(cursor.fetchone()[0])

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


def count(limits: Sequence[RateLimitItem], *who: str, now: datetime, cost: int = 1) -> bool:
    """Count what ``who`` does; return whether it is still within every limit."""
    limiter = FixedWindowRateLimiter(Tallies(now))
    # Every limit counts, also after one is exceeded.
    within_each = [limiter.hit(one, *who, cost=cost) for one in limits]
    return all(within_each)


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
    day = now.date()
    there = _known(day).values_list("salt", flat=True).first()
    if there is None:
        with connection.cursor() as cursor:
            cursor.execute(_SALT, [connection.ops.adapt_datefield_value(day), secrets.token_bytes(SALT_BYTES)])
        there = DaySalt.objects.values_list("salt", flat=True).get(pk=1)
    return bytes(there)


def _known(day: date) -> "QuerySet[DaySalt]":
    # Who read the clock before midnight and comes after it takes the new day's: the old one is not written back.
    return DaySalt.objects.filter(pk=1, day__gte=day)


def forget_tallies(*, before: datetime) -> int:
    """Delete tallies whose window was over before, and the salt of an earlier day; return of how many tallies."""
    DaySalt.objects.filter(day__lt=before.date()).delete()
    return int(Tally.objects.filter(ends__lte=before).delete()[0])
