"""Load, age of queues, how work goes and what was spared: as pictures with their tables and as CSV; of nobody alone."""

import csv
from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from openhotline.accounts.states import Permission
from openhotline.assessment.queries import agreements
from openhotline.assessment.queries.handover import complaints_open
from openhotline.assessment.queries.reviews import open_reassessments
from openhotline.assessment.queries.unsettled import unsettled
from openhotline.assessment.services.appoint_settler import appoint_settler
from openhotline.core.clock import now
from openhotline.desk.panels import duration
from openhotline.desk.queries.outcomes import MOST, Week, queue_ages, weeks_of
from openhotline.desk.views.agreement import MONTH_HEADERS, month_rows
from openhotline.desk.views.page import number_in, page, person_of

QUEUE_HEADERS = ("Queue", "Waiting", "Oldest has waited")
WEEK_HEADERS = ("Week from (UTC)", "Decided by people", "Two differed", "Covered without a view", "Looking saved")
QUEUE_COLUMNS = ("queue", "waiting", "oldest_since")
CSV_COLUMNS = ("week_from", "decided", "disagreed", "covered_without_a_view", "seconds_saved")
FULL = 100


@require_safe
def management(request: HttpRequest) -> HttpResponse:
    """Show the queues, the last eight weeks, and agreement by month."""
    at = now()
    ages, weeks, agreed = queue_ages(), weeks_of(at), agreements(at)
    waits = [round((at - one.oldest).total_seconds() / 60) if one.oldest else 0 for one in ages]
    context = {
        "queue_headers": QUEUE_HEADERS,
        "queues": [[one.name, one.waiting, _waited(one.oldest, at)] for one in ages],
        "age_bars": [
            {"label": one.name, "value": minutes, "text": _waited(one.oldest, at) or "nothing waits"}
            for one, minutes in zip(ages, waits, strict=True)
        ],
        "age_most": max(1, *waits),
        "load_bars": [{"label": one.name, "value": one.waiting, "text": _many(one.waiting)} for one in ages],
        "load_most": max(1, *(one.waiting for one in ages)),
        "week_headers": WEEK_HEADERS,
        "weeks": [_row(one) for one in weeks],
        "week_bars": [{"label": f"{one.begin:%-d %b}", "value": one.decided, "text": one.decided} for one in weeks],
        "week_most": max((one.decided for one in weeks), default=0) or 1,
        "saved_bars": [
            {"label": f"{one.begin:%-d %b}", "value": round(one.saved / 60), "text": duration(one.saved)}
            for one in weeks
        ],
        "saved_most": max((round(one.saved / 60) for one in weeks), default=0) or 1,
        "months": [
            {"label": f"{month:%b %Y}", "value": round(one.percent), "text": f"{one.percent:.0f} % of {one.pairs}"}
            for month, one in agreed.months
        ],
        "month_headers": MONTH_HEADERS,
        "month_rows": month_rows(agreed),
        "full": FULL,
        "drift": _drift([one.percent for _, one in agreed.months]),
        "in_question": open_reassessments(),
        "complaints": complaints_open(),
        "unsettled": unsettled(at),
        "may_appoint": person_of(request).may(Permission.APPOINT),
        "may_forecast": person_of(request).may(Permission.FORECAST),
    }
    return page(request, "desk/management.html", context, current="desk_management")


@require_POST
def appoint(request: HttpRequest) -> HttpResponse:
    """Name who settles what nobody else is left to settle."""
    person = request.POST.get("person", "")
    appoint_settler(turn_id=number_in(request, "turn"), person=person, actor=person_of(request), now=now())
    messages.success(request, "It comes to them with what was recorded before, and to nobody else.")
    return redirect("desk_management")


@require_safe
def management_csv(request: HttpRequest) -> HttpResponse:
    """Return the weeks as a table for other programs, or with ``?of=queues`` the queues."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="management.csv"'
    writer = csv.writer(answer)
    if request.GET.get("of") == "queues":
        writer.writerow(QUEUE_COLUMNS)
        writer.writerows([one.name, one.waiting, _moment(one.oldest)] for one in queue_ages())
        return answer
    writer.writerow(CSV_COLUMNS)
    for one in weeks_of(now()):
        writer.writerow([f"{one.begin:%Y-%m-%d}", one.decided, one.disagreed, one.covered, round(one.saved)])
    return answer


def _moment(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else ""


def _row(week: Week) -> list[object]:
    return [f"{week.begin:%-d %b}", week.decided, week.disagreed, week.covered, duration(week.saved)]


def _many(waiting: int) -> str:
    return f"{waiting:,} or more" if waiting >= MOST else f"{waiting:,}"


def _waited(since: datetime | None, at: datetime) -> str:
    return duration((at - since).total_seconds()) if since else ""


def _drift(percents: list[float]) -> float | None:
    """Return by how many points the newest month differs from the mean of those before; None before there are two."""
    *before, last = percents or [0.0]
    return round(last - sum(before) / len(before), 1) if before else None
