"""The time that a report is of."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self

from openhotline.statistics.errors import NoPeriod

_NAMED = re.compile(r"(?P<year>20\d\d)(-(?P<month>0[1-9]|1[0-2])|-Q(?P<quarter>[1-4]))?")
_DAYS = re.compile(r"(20\d\d-\d\d-\d\d)\.\.(20\d\d-\d\d-\d\d)")


@dataclass(frozen=True)
class Period:
    """Days from ``begin`` to before ``end``, in UTC. ``whole``: a calendar month, quarter or year."""

    name: str
    begin: date
    end: date
    whole: bool

    @classmethod
    def of(cls, name: str) -> Self:
        """Read ``2026-11``, ``2026-Q4``, ``2026``, or days as ``2026-11-01..2026-11-20``. Raises NoPeriod."""
        named, days = _NAMED.fullmatch(name), _DAYS.fullmatch(name)
        if named:
            return cls._calendar(name, named)
        try:
            begin, last = (date.fromisoformat(one) for one in days.groups()) if days else (None, None)
        except ValueError:
            begin = last = None
        if begin is None or last is None or last < begin:
            raise NoPeriod(
                f"{name[:40]!r} is no period. Name a month (2026-11), a quarter (2026-Q4), a year (2026), or the first "
                "and last day (2026-11-01..2026-11-20)."
            )
        return cls(name, begin, last + timedelta(days=1), whole=False)

    @classmethod
    def _calendar(cls, name: str, named: re.Match[str]) -> Self:
        year, month, quarter = (int(one) if (one := named[part]) else 0 for part in ("year", "month", "quarter"))
        first = month or 3 * quarter - 2 if month or quarter else 1
        many = 1 if month else 3 if quarter else 12
        after = year * 12 + first - 1 + many
        return cls(name, date(year, first, 1), date(after // 12, after % 12 + 1, 1), whole=True)

    @property
    def starts(self) -> datetime:
        """Return the first moment of the period."""
        return datetime.combine(self.begin, time.min, UTC)

    @property
    def ends(self) -> datetime:
        """Return the first moment after the period."""
        return datetime.combine(self.end, time.min, UTC)

    def crosses(self, begin: date, end: date) -> bool:
        """Say whether it shares a day with other days and neither lies in the other, as a quarter lies in its year."""
        inside = self.begin <= begin and end <= self.end
        around = begin <= self.begin and self.end <= end
        return self.begin < end and begin < self.end and not inside and not around

    def months(self) -> Iterator[tuple[date, date]]:
        """Yield the months of the period, the first and last as far as they are of it."""
        at = self.begin
        while at < self.end:
            after = (at.replace(day=1) + timedelta(days=32)).replace(day=1)
            yield at, min(after, self.end)
            at = after
