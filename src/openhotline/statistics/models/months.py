"""Counts of months, as the desk shows them: each series with its parts, and the table of quarters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

Key = tuple[date, str, str]
MONTHS = 24
QUARTERS = 5


@dataclass(frozen=True)
class Months:
    """One series over months: the sum of each, and what its parts were. Months without any stand with 0."""

    name: str
    months: tuple[date, ...]
    sums: tuple[int, ...]
    parts: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True)
class Quarters:
    """Counts of quarters side by side: names such as 2026-Q4, and lines of (series, part, counts)."""

    names: tuple[str, ...]
    lines: tuple[tuple[str, str, tuple[int, ...]], ...]


def months_back(today: date, count: int) -> tuple[date, ...]:
    """Return the first days of the last ``count`` months, oldest first, the running one among them."""
    at = today.year * 12 + today.month - 1
    return tuple(date(one // 12, one % 12 + 1, 1) for one in range(at - count + 1, at + 1))


def quarter_of(month: date) -> str:
    """Return the name of a month's quarter."""
    return f"{month.year}-Q{(month.month + 2) // 3}"


def over_months(counts: Mapping[Key, int], name: str, months: Sequence[date]) -> Months:
    """Put together one series from counts by month."""
    parts = sorted({part for _, one, part in counts if one == name})
    rows = tuple((part, tuple(counts.get((month, name, part), 0) for month in months)) for part in parts)
    sums = tuple(sum(row[at] for _, row in rows) for at in range(len(months)))
    return Months(name, tuple(months), sums, rows)


def over_quarters(counts: Mapping[Key, int], lines: Sequence[tuple[str, str]], today: date, *, every: str) -> Quarters:
    """Add months up to the last five quarters; a line with the part ``every`` is the sum of all its parts."""
    names = tuple(dict.fromkeys(quarter_of(month) for month in months_back(today, 3 * QUARTERS)))[-QUARTERS:]
    sums: dict[tuple[str, str, str], int] = {}
    for (month, name, part), count in counts.items():
        for told in (part, every):
            key = (quarter_of(month), name, told)
            sums[key] = sums.get(key, 0) + count
    rows = ((name, part, tuple(sums.get((quarter, name, part), 0) for quarter in names)) for name, part in lines)
    return Quarters(names, tuple(rows))
