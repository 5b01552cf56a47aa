"""Forecasts for managers: what we can cope with, and what growth does to hash lists."""

import csv

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from openhotline.core.clock import now
from openhotline.core.errors import Missing
from openhotline.desk.forms import ForecastForm
from openhotline.desk.views.page import page, person_of
from openhotline.forecast.models import Study
from openhotline.forecast.panels import study_panel
from openhotline.forecast.policies import COLUMNS, as_rows
from openhotline.forecast.queries import latest_made, latest_study
from openhotline.forecast.services.ask_study import ask_study
from openhotline.forecast.states import KIND_WORDS, StudyKind, StudyState


@require_safe
def forecast(request: HttpRequest, study: str) -> HttpResponse:
    """Show the latest study of a kind, and a form for the next one."""
    return _shown(request, _kind(study), ForecastForm())


@require_POST
def make(request: HttpRequest, study: str) -> HttpResponse:
    """Ask for a study; a worker makes it."""
    asked = _kind(study)
    form = ForecastForm(request.POST)
    if asked == StudyKind.CAPACITY and not form.is_valid():
        return _shown(request, asked, form)
    asks = form.asks() if asked == StudyKind.CAPACITY else {}
    ask_study(kind=asked, asks=asks, actor=person_of(request), now=now())
    messages.success(request, "It is being made, which takes a minute or two. Load the page again then.")
    return redirect("desk_forecast", study=asked)


@require_safe
def forecast_csv(_request: HttpRequest, study: str) -> HttpResponse:
    """Return every number of the latest study as a table for other programs."""
    made = latest_made(_kind(study))
    if made is None:
        raise Missing("No study of this kind has been made yet.")
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="forecast-{made.kind}.csv"'
    writer = csv.writer(answer)
    writer.writerow(COLUMNS)
    writer.writerows(as_rows(made.content))
    return answer


def _kind(kind: str) -> StudyKind:
    try:
        return StudyKind(kind)
    except ValueError as unknown:
        raise Missing("There is no such forecast.") from unknown


def _shown(request: HttpRequest, kind: StudyKind, form: ForecastForm) -> HttpResponse:
    latest, made = latest_study(kind), latest_made(kind)
    context = {
        "kinds": [
            {"words": words, "href": reverse("desk_forecast", args=[one]), "current": one == kind}
            for one, words in KIND_WORDS.items()
        ],
        "kind": kind,
        "title": KIND_WORDS[kind],
        "form": form if kind == StudyKind.CAPACITY else None,
        "under_way": latest is not None and latest.state == StudyState.ASKED,
        "failed": latest.why_failed if latest is not None else "",
        "made": made,
        "panel": _panel(made),
    }
    return page(request, "desk/forecast.html", context, current="desk_forecasts")


def _panel(study: Study | None) -> str:
    return study_panel(study.content) if study is not None else ""


@require_safe
def forecasts(request: HttpRequest) -> HttpResponse:
    """Show the first kind."""
    return _shown(request, StudyKind.CAPACITY, ForecastForm())
