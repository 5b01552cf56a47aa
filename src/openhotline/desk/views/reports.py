"""Reports: the list, and one of them whole."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from openhotline.accounts.policies import check_in_date
from openhotline.core.clock import now
from openhotline.core.errors import Missing, NotNow
from openhotline.desk.forms import AskForm
from openhotline.desk.panels import steps_panel
from openhotline.desk.queries import steps_of
from openhotline.desk.queries.reports import captures_of, report_lines
from openhotline.desk.views.page import page, person_of
from openhotline.intake.models import Report
from openhotline.intake.panels import questions_panel, report_panel
from openhotline.intake.policies import READING, can_be_asked
from openhotline.intake.queries import latest_reports, report_by_id, reports_waiting
from openhotline.intake.services.ask_reporter import ask_reporter
from openhotline.intake.services.note_read import note_read

PAGE = 50
HEADERS = ("Report", "Came by", "State", "Lane", "Received")


@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """List reports for a person first, then the newest; by outside id, never by address."""
    waiting = Paginator(reports_waiting(), PAGE).get_page(request.GET.get("page"))
    context = {
        "headers": HEADERS,
        "waiting": waiting,
        "for_a_person": [_row(one) for one in waiting],
        "latest": [_row(one) for one in latest_reports(50)],
    }
    return page(request, "desk/reports.html", context, current="desk_reports")


@require_safe
def report(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show one report whole: the eleven steps, and what each stage says of it."""
    return _whole(request, public_id, AskForm())


@require_POST
def read(request: HttpRequest, public_id: str) -> HttpResponse:
    """Note that the report was read as it was shown, and go back to those that wait."""
    try:
        note_read(report=public_id, seen=request.POST.get("seen", ""), actor=person_of(request), now=now())
    except NotNow as refused:
        messages.error(request, str(refused))
        return redirect("desk_report", public_id=public_id)
    messages.success(request, "Noted. It no longer waits for a person.")
    return redirect("desk_reports")


@require_POST
@sensitive_post_parameters()
def ask(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put a question on the page of the report's receipt; one that cannot stand there comes back with its reason."""
    form = AskForm(request.POST)
    if form.is_valid():
        try:
            ask_reporter(report=public_id, text=form.cleaned_data["text"], actor=person_of(request), now=now())
        except NotNow as refused:
            form.add_error("text", str(refused))
        else:
            messages.success(request, "Asked. It stands on the receipt from the next quarter of an hour on.")
            return redirect("desk_report", public_id=public_id)
    return _whole(request, public_id, form)


def _whole(request: HttpRequest, public_id: str, form: AskForm) -> HttpResponse:
    check_in_date(person_of(request), now(), READING)
    found = report_by_id(public_id)
    if found is None:
        raise Missing("There is no such report.")
    context = {
        "report": found,
        "reported": report_panel(found),
        "to_read": can_be_asked(found) and found.read_at is None,
        "questions": questions_panel(found),
        "ask": form if can_be_asked(found) else None,
        "steps": steps_panel(found, steps_of(found, now())),
        "captures": captures_of(found),
        "item_headers": ("Picture", "Where it stands", "Why"),
        "items": [
            [one.public_id[:12], {"text": one.state, "tag": one.tag}, one.sentence] for one in report_lines(found)
        ],
    }
    return page(request, "desk/report.html", context, current="desk_reports")


@require_safe
def report_steps(_request: HttpRequest, public_id: str) -> HttpResponse:
    """Return the steps of a report again, for the page that is open."""
    found = report_by_id(public_id)
    if found is None:
        raise Missing("There is no such report.")
    return HttpResponse(steps_panel(found, steps_of(found, now())))


def _row(report: Report) -> list[object]:
    at = report.received_at or report.started_at
    words = report.state.replace("_", " ")
    return [
        {"text": report.public_id[:12], "href": reverse("desk_report", args=[report.public_id])},
        report.source,
        {"text": words, "tag": "now" if report.state == "for_a_person" else "done"},
        {"text": report.lane, "tag": "wrong" if report.lane == "urgent" else "waiting"},
        at.strftime("%-d %b %Y, %H:%M"),
    ]
