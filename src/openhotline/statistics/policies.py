"""Which figures leave the hotline, and who publishes them: free of database, HTTP and clock."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from openhotline.accounts.models import Person
from openhotline.accounts.states import Role
from openhotline.core.errors import NotAllowed
from openhotline.statistics.errors import NoPeriod, PublishedAlready
from openhotline.statistics.models.period import Period
from openhotline.statistics.states import SMALLEST, Figure, Figures

FEW = "few"
NOT_SHOWN = "not shown"
"""What stands in the place of a count that does not leave: it is from 1 to 4, or would tell one that is."""
PUBLISHERS = frozenset({Role.SENIOR, Role.MANAGER})
BETWEEN = timedelta(days=1)
"""Figures that move by one report would tell who made it what became of it."""


def check_can_publish(person: Person) -> None:
    """Raise NotAllowed unless the person's role publishes figures."""
    if Role(person.role) not in PUBLISHERS:
        raise NotAllowed(f"A senior analyst or manager publishes figures; your role is {person.role_name.lower()}.")


def check_rested(last: datetime | None, now: datetime) -> None:
    """Raise PublishedAlready unless a day has passed since figures were published last."""
    if last is not None and now < last + BETWEEN:
        raise PublishedAlready(
            f"Figures were published on {last:%d %B %Y at %H:%M} UTC. They can be published once a day, so that "
            f"nobody outside can tell what one report changed: again from {last + BETWEEN:%d %B %Y, %H:%M} UTC."
        )


def content_of(figures: Figures, *, suppress: bool) -> dict[str, Any]:
    """Return tables and funnel as plain JSON: ``tables`` [{title, rows}], ``bars`` and ``most``.

    A row has the texts of its figure, ``count`` (a number, FEW or NOT_SHOWN), and of a part its ``share`` in percent
    and its ``whole`` in the unit ``of``. Words are put in when it is shown, in the language of the page.
    ``suppress`` hides counts from 1 to 4, what they could be worked out from, and their shares: for outside.
    """
    hidden = [hidden_of(one.figures) if suppress else set() for one in figures.tables]
    tables = [
        {"title": one.title, "rows": _rows(one.figures, names, suppress=suppress)}
        for one, names in zip(figures.tables, hidden, strict=True)
    ]
    left_out = [
        one for table, names in zip(figures.tables, hidden, strict=True) for one in table.figures if one.key in names
    ]
    bars = [_bar(one, hidden=suppress and _tells(one, left_out)) for one in figures.funnel]
    return {"tables": tables, "bars": bars, "most": max((bar["value"] for bar in bars), default=0) or 1}


def _tells(bar: Figure, left_out: Sequence[Figure]) -> bool:
    """Say whether a bar is small, or tells what a table leaves out: as itself, or as the sum of parts of its whole."""
    wholes = {one.partition for one in left_out if one.partition}
    return _small(bar.value) or bar.partition in wholes or bar.key in {one.key for one in left_out}


def hidden_of(figures: Sequence[Figure]) -> set[str]:
    """Return the keys of the counts that are not published.

    They are the small ones; and of parts of one whole also the next smallest, until what is hidden of the whole adds
    up to enough: otherwise the rest could be worked out.
    """
    hidden = {one.key for one in figures if _small(one.value)}
    for whole in {one.partition for one in figures if one.key in hidden and one.partition}:
        parts = sorted((one for one in figures if one.partition == whole and one.value), key=lambda one: one.value)
        for number, one in enumerate(parts):
            if number > 1 and sum(before.value for before in parts[:number]) >= SMALLEST:
                break
            hidden.add(one.key)
    return hidden


def _small(value: int) -> bool:
    return 0 < value < SMALLEST


def _rows(figures: Sequence[Figure], hidden: set[str], *, suppress: bool) -> list[dict[str, Any]]:
    return [_row(one, hidden=one.key in hidden, suppress=suppress) for one in figures]


def _bar(figure: Figure, *, hidden: bool) -> dict[str, Any]:
    shown = {"name": figure.name, "count": _count(figure.value, hidden=hidden)}
    return shown | {"value": 0 if hidden else figure.value}


def _row(figure: Figure, *, hidden: bool, suppress: bool) -> dict[str, Any]:
    texts = {"name": figure.name, "letter": figure.letter, "unit": figure.unit, "duplicates": figure.duplicates}
    counted = {"count": _count(figure.value, hidden=hidden)}
    return texts | counted | _share(figure, hidden=hidden, suppress=suppress)


def _share(figure: Figure, *, hidden: bool, suppress: bool) -> dict[str, Any]:
    if figure.denominator is None:
        return {}
    small = suppress and _small(figure.denominator)
    whole = {"whole": _count(figure.denominator, hidden=small), "of": figure.of}
    if hidden or small or not figure.denominator:
        return whole
    return whole | {"share": round(100 * figure.value / figure.denominator, 1)}


def _count(value: int, *, hidden: bool) -> int | str:
    if not hidden:
        return value
    return FEW if _small(value) else NOT_SHOWN


def first_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def month_after(month: date) -> date:
    """Return the first day of the month after."""
    return (first_of(month) + timedelta(days=32)).replace(day=1)


def check_period(period: Period, others: Sequence[tuple[str, date, date]], now: datetime, *, practice: bool) -> None:
    """Raise NoPeriod unless a report on this period may leave now, beside those on ``others`` (name, days).

    A quarter may be published beside its year: what one of them hides the other hides too (models.nested). Periods that
    share some days only could be taken from each other in ways that nobody has looked at.
    """
    if not practice and not (period.whole and now >= period.ends):
        raise NoPeriod(
            f"A report on {period.name} cannot be published: only on a calendar month, quarter or year that is over. "
            "Figures of days of one's choice, taken from each other, would tell small counts."
        )
    for name, begin, end in others:
        if period.crosses(begin, end):
            raise NoPeriod(
                f"A report on {period.name} shares some days with the one on {name} that was published: taken from "
                "each other, they would tell small counts. Publish periods that lie in each other, as a quarter in its "
                "year, or share no day."
            )
