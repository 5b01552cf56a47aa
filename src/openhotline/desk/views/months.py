"""Counts of months and quarters at the desk, small ones too, as pictures with their tables and as CSV."""

import csv
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from openhotline.core.clock import now
from openhotline.desk.views.page import page
from openhotline.statistics.models.months import MONTHS, months_back, over_months, over_quarters
from openhotline.statistics.panels import months_panel, part_words
from openhotline.statistics.policies import month_after
from openhotline.statistics.queries import Key, by_month, rolled_until
from openhotline.statistics.states import EVERY, QUARTER_LINES, SERIES

COLUMNS = ("month", "series", "part", "unit", "count", "title", "part_in_words", "counted_on", "duplicates")


@require_safe
def months(request: HttpRequest) -> HttpResponse:
    """Show two years by month, from the counts of days: as fast for a million decisions as for ten."""
    shown, counts = _counted()
    series = [over_months(counts, name, shown) for name in SERIES]
    quarters = over_quarters(counts, QUARTER_LINES, shown[-1], every=EVERY)
    context = {"panel": months_panel(series, quarters), "until": rolled_until()}
    return page(request, "desk/months.html", context, current="desk_numbers")


@require_safe
def months_csv(_request: HttpRequest) -> HttpResponse:
    """Return the same counts as a table for other programs."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="months.csv"'
    writer = csv.writer(answer)
    writer.writerow(COLUMNS)
    for (month, name, part), count in sorted(_counted()[1].items()):
        about = SERIES[name]
        codes = (f"{month:%Y-%m}", name, part, about.unit, count)
        writer.writerow([*codes, about.title, part_words(part), about.day, about.duplicates])
    return answer


def _counted() -> tuple[tuple[date, ...], dict[Key, int]]:
    shown = months_back(now().date(), MONTHS)
    return shown, by_month(shown[0], month_after(shown[-1]))
