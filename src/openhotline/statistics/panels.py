"""Figures as tables and as pictures."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from openhotline.statistics.models import PublishedFigures
from openhotline.statistics.models.document import as_csv, as_json, sums_of
from openhotline.statistics.models.months import Months, Quarters
from openhotline.statistics.policies import FEW, content_of
from openhotline.statistics.queries.figures import INVOLVEMENT, OUTCOMES
from openhotline.statistics.queries.sections import SOURCES
from openhotline.statistics.states import EVERY, SERIES, SMALLEST, UNITS, UNKNOWN, Figures

REPORT_HEADERS = ("What", "Figure", "Share")
MEASURES = frozenset({"hours"})
"""Units that are measured: lengths of bars would say nothing beside counts."""


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


def report_panel(document: Mapping[str, Any]) -> SafeString:
    """Render a report of which small counts were left out already: pictures, a table under each, how it was counted."""
    return render_to_string("statistics/_report.html", report_context(document))


def report_files(document: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the files of a report by name: open data, a page that stands alone and prints, and their checksums."""
    page = render_to_string("statistics/report_file.html", report_context(document)).encode()
    look = render_to_string("statistics/report_file.css").encode()
    data = {"report.json": as_json(document), "report.csv": as_csv(document)}
    files = data | {"report.html": page, "report.css": look}
    return files | {"SHA256SUMS": sums_of(files)}


def report_context(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the templates of a report read."""
    return {
        "document": document,
        "headers": REPORT_HEADERS,
        "first": date.fromisoformat(document["period"]["first_day"]),
        "last": date.fromisoformat(document["period"]["day_after"]) - timedelta(days=1),
        "counted_at": datetime.fromisoformat(document["counted_at"]),
        "sections": [_section(one) for one in document["sections"]],
    }


def _section(section: Mapping[str, Any]) -> dict[str, Any]:
    lines = section["lines"]
    bars = [{"label": one["name"], "value": one["value"] or 0, "text": one["shown"]} for one in lines]
    drawn = section["unit"] not in MEASURES and sum(1 for bar in bars if bar["value"]) > 1
    return {
        **section,
        "rows": [[one["name"], _with_unit(one, section["unit"]), one["share"]] for one in lines],
        "bars": bars if drawn else [],
        "most": max((bar["value"] for bar in bars), default=0) or 1,
    }


def _with_unit(line: Mapping[str, Any], unit: str) -> str:
    return str(line["shown"]) if line["value"] is None else f"{line['shown']} {unit}".strip()


PART_WORDS = {
    **SOURCES,
    **INVOLVEMENT,
    UNKNOWN: "Not determined",
    "yes": "Yes",
    "no": "No",
    "1_day": "Within a day of the first notice",
    "3_days": "From one to three days",
    "7_days": "From three to seven days",
    "longer": "Longer than seven days",
    "without_notice": "Without a notice",
    "reveal": "Unblurred",
    "glimpse": "Glimpses of small blurred tiles",
    "people": "People",
    "simulated": "Scripted analysts",
    "first": "First",
    "second": "Second",
    "third": "Third",
    EVERY: "All",
}


def part_words(part: str) -> str:
    """Return the words of a part of a series; a code of the law in words, what has none as it is."""
    kind, _, letter = part.partition(" ")
    return PART_WORDS.get(part) or (f"{OUTCOMES[kind]}{f', {letter}' if letter else ''}" if kind in OUTCOMES else part)


def months_panel(found: Sequence[Months], quarters: Quarters) -> SafeString:
    """Render series over months, a table under each picture, and the table of quarters. For the desk only."""
    context = {"series": [_over_months(one) for one in found], "quarters": _quarters(quarters)}
    return render_to_string("statistics/_months.html", context)


def _over_months(found: Months) -> dict[str, Any]:
    about = SERIES[found.name]
    counted = [(f"{month:%b %Y}", count) for month, count in zip(found.months, found.sums, strict=True)]
    first = next((at for at, (_, count) in enumerate(counted) if count), len(counted))
    parts = [part for part, _ in found.parts if part]
    rows = [
        [words, f"{count:,}", *(f"{row[at]:,}" for part, row in found.parts if part)]
        for at, (words, count) in enumerate(counted)
        if at >= first
    ]
    return {
        "name": found.name,
        "about": about,
        "bars": [{"label": words, "value": count, "text": f"{count:,}"} for words, count in counted[first:]],
        "most": max(found.sums, default=0) or 1,
        "headers": ["Month", about.unit.capitalize(), *map(part_words, parts)],
        "rows": rows,
    }


def _quarters(found: Quarters) -> dict[str, Any]:
    rows = [
        [_quarter_words(name, part), SERIES[name].unit, *(f"{count:,}" for count in counts)]
        for name, part, counts in found.lines
    ]
    return {"headers": ["What", "Unit", *found.names], "rows": rows}


def _quarter_words(name: str, part: str) -> str:
    title = SERIES[name].title
    return title if part == EVERY else f"{title}: {SERIES[name].parts} {part_words(part).lower()}"
