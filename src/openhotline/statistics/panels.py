"""Figures as tables and as a funnel."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from openhotline.statistics.queries import Figures
from openhotline.statistics.states import SMALLEST, Figure

FEW = f"fewer than {SMALLEST}"
NOT_SHOWN = "not shown"
HEADERS = ("What", "Count", "Share", "Duplicates")


def figures_panel(figures: Figures, *, suppress: bool) -> SafeString:
    """Render all tables and the funnel. ``suppress`` hides counts from 1 to 4, and their shares: for outside."""
    tables = [{"title": one.title, "rows": _rows(one.figures, suppress=suppress)} for one in figures.tables]
    bars = [_bar(one, hidden=suppress and _small(one.value)) for one in figures.funnel]
    most = max((one.value for one in figures.funnel), default=0) or 1
    context = {"at": figures.at, "bars": bars, "most": most, "tables": tables, "practice": settings.PRACTICE}
    return render_to_string("statistics/_figures.html", context | {"headers": HEADERS, "suppress": suppress})


def hidden_of(figures: Sequence[Figure]) -> set[str]:
    """Return the names of the counts that are not published.

    They are the small ones; and of parts of one whole also the next smallest, until what is hidden of the whole adds
    up to enough: otherwise the rest could be worked out.
    """
    hidden = {one.name for one in figures if _small(one.value)}
    for whole in {one.partition for one in figures if one.name in hidden and one.partition}:
        parts = sorted((one for one in figures if one.partition == whole and one.value), key=lambda one: one.value)
        for number, one in enumerate(parts):
            if number > 1 and sum(before.value for before in parts[:number]) >= SMALLEST:
                break
            hidden.add(one.name)
    return hidden


def _small(value: int) -> bool:
    return 0 < value < SMALLEST


def _rows(figures: Sequence[Figure], *, suppress: bool) -> list[list[object]]:
    hidden = hidden_of(figures) if suppress else set()
    return [_row(one, hidden=one.name in hidden, suppress=suppress) for one in figures]


def _bar(figure: Figure, *, hidden: bool) -> dict[str, Any]:
    return {"label": figure.name, "value": 0 if hidden else figure.value, "text": _count(figure.value, hidden=hidden)}


def _row(figure: Figure, *, hidden: bool, suppress: bool) -> list[object]:
    counted = f"{_count(figure.value, hidden=hidden)} {figure.unit}"
    return [figure.name, counted, _share(figure, hidden=hidden, suppress=suppress), figure.duplicates]


def _share(figure: Figure, *, hidden: bool, suppress: bool) -> str:
    if figure.denominator is None:
        return ""
    small = suppress and _small(figure.denominator)
    whole = f"of {_count(figure.denominator, hidden=small)} {figure.of}"
    if hidden or small or not figure.denominator:
        return whole
    return f"{100 * figure.value / figure.denominator:.1f} % {whole}"


def _count(value: int, *, hidden: bool) -> str:
    if not hidden:
        return f"{value:,}"
    return FEW if _small(value) else NOT_SHOWN
