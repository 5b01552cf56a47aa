"""Figures as tables and as a funnel."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from openhotline.statistics.models import PublishedFigures
from openhotline.statistics.policies import FEW, content_of
from openhotline.statistics.states import SMALLEST, UNITS, Figures


def figures_panel(figures: Figures) -> SafeString:
    """Render all tables and the funnel as they stand, small counts too: for the desk only."""
    return _panel(content_of(figures, suppress=False), figures.at, practice=settings.PRACTICE, outside=False)


def published_panel(published: PublishedFigures) -> SafeString:
    """Render what was published; nothing else is known here, so nothing else can be shown."""
    return _panel(published.content, published.period_end, practice=published.practice, outside=True)


def _panel(content: dict[str, Any], at: datetime, *, practice: bool, outside: bool) -> SafeString:
    told = {
        "tables": [_table(one) for one in content["tables"]],
        "bars": [_bar(one) for one in content["bars"]],
        "most": content["most"],
        "headers": (gettext("What"), gettext("Count"), gettext("Share"), gettext("Duplicates")),
    }
    return render_to_string("statistics/_figures.html", told | {"at": at, "practice": practice, "suppress": outside})


def _table(table: dict[str, Any]) -> dict[str, Any]:
    rows = [_row(one) if isinstance(one, dict) else one for one in table["rows"]]
    return {"title": gettext(table["title"]), "rows": rows}


def _bar(bar: dict[str, Any]) -> dict[str, Any]:
    if "text" in bar:
        # Published before pages of figures were translated: in English, and what was published stays as it is.
        return bar
    return {"label": gettext(bar["name"]), "value": bar["value"], "text": _count(bar["count"])}


def _row(row: dict[str, Any]) -> list[str]:
    return [_name(row), _of(row["unit"], row["count"]), _share(row), _said(row["duplicates"])]


def _name(row: dict[str, Any]) -> str:
    name = _said(row["name"])
    if not row["letter"]:
        return name
    # Translators: an outcome and the letter of its category, as "Photograph, B".
    return gettext("%(outcome)s, %(letter)s") % {"outcome": name, "letter": row["letter"]}


def _share(row: dict[str, Any]) -> str:
    if "whole" not in row:
        return ""
    whole = _of(row["of"], row["whole"])
    if "share" not in row:
        # Translators: a whole whose share is not shown, as "of 1,234 files found".
        return gettext("of %(whole)s") % {"whole": whole}
    # Translators: a share of a whole, as "12.5 % of 1,234 files found".
    return gettext("%(share)s %% of %(whole)s") % {"share": f"{row['share']:.1f}", "whole": whole}


def _of(unit: str, count: int | str) -> str:
    return gettext(UNITS[unit]) % {"count": _count(count)}


def _count(count: int | str) -> str:
    if isinstance(count, int):
        return f"{count:,}"
    return gettext("fewer than %(number)s") % {"number": SMALLEST} if count == FEW else gettext("not shown")


def _said(text: str) -> str:
    # gettext of nothing is the header of the catalogue.
    return gettext(text) if text else ""
