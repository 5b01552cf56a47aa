"""How far blind opinions agree, as pictures with their tables and as CSV; of nobody alone."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from openhotline.assessment.models.agreement import Agreement
from openhotline.assessment.queries import Agreements, agreements
from openhotline.core.clock import now
from openhotline.desk.states import OUTCOME_WORDS, QUESTIONS
from openhotline.desk.views.page import page

WHAT_FOLLOWS = "What follows in law"
MONTH_HEADERS = ("Month (UTC)", "Pairs", "Percent alike", "Alpha")
MONTH_COLUMNS = ("month", "pairs", "percent", "alpha")
COLUMNS = ("question", "pairs", "percent", "alpha", "alpha_low", "alpha_high")


@dataclass(frozen=True)
class Row:
    """One question with its agreement, and its values in words."""

    words: str
    found: Agreement
    values: tuple[str, ...]

    @property
    def table(self) -> list[tuple[str, tuple[int, ...]]]:
        """Each value of the first opinion, with how often the second gave which."""
        return list(zip(self.values, self.found.table, strict=True))


@require_safe
def agreement(request: HttpRequest) -> HttpResponse:
    """Show agreement on what follows, on each question, and over the months."""
    found = agreements(now())
    months = [
        {"label": f"{month:%b %Y}", "value": round(one.percent), "text": f"{one.percent:.0f} % of {one.pairs}"}
        for month, one in found.months
    ]
    context = {
        "rows": list(_rows(found)),
        "months": months,
        "month_headers": MONTH_HEADERS,
        "month_rows": month_rows(found),
    }
    return page(request, "desk/agreement.html", context, current="desk_agreement")


@require_safe
def agreement_csv(request: HttpRequest) -> HttpResponse:
    """Return the same figures as a table for other programs: by question, or with ``?of=months`` by month."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="agreement.csv"'
    writer = csv.writer(answer)
    found = agreements(now())
    if request.GET.get("of") == "months":
        writer.writerow(MONTH_COLUMNS)
        writer.writerows(
            [f"{month:%Y-%m}", one.pairs, _plain(one.percent), _plain(one.alpha)] for month, one in found.months
        )
        return answer
    writer.writerow(COLUMNS)
    for row in _rows(found):
        one = row.found
        writer.writerow([row.words, one.pairs, *(_plain(x) for x in (one.percent, one.alpha, one.low, one.high))])
    return answer


def month_rows(found: Agreements) -> list[list[object]]:
    """Return the months as rows of a table: pairs, percent alike and alpha, which there may be none of."""
    return [
        [f"{month:%b %Y}", one.pairs, round(one.percent), "none" if one.alpha is None else f"{one.alpha:.2f}"]
        for month, one in found.months
    ]


def _rows(found: Agreements) -> Iterator[Row]:
    if found.outcome:
        yield Row(WHAT_FOLLOWS, found.outcome, tuple(map(_outcome_words, found.outcome.values)))
    for question in QUESTIONS:
        if one := found.questions.get(question.fact):
            words = {choice.value: choice.words for choice in question.choices}
            yield Row(question.words, one, tuple(words.get(value, value) for value in one.values))


def _outcome_words(value: str) -> str:
    kind, _, letter = value.partition(" ")
    return f"{OUTCOME_WORDS.get(kind, kind)}{f', {letter}' if letter else ''}"


def _plain(number: float | None) -> str:
    return "" if number is None else f"{number:.3f}"
