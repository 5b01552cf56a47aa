"""The figures as the desk sees them, small ones too, and their publication without those."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from openhotline.accounts.states import Role
from openhotline.core.clock import now
from openhotline.desk.views.page import page, person_of
from openhotline.statistics.models.period import Period
from openhotline.statistics.panels import figures_panel
from openhotline.statistics.policies import PUBLISHERS
from openhotline.statistics.queries import figures, latest_published
from openhotline.statistics.queries.report import published_reports
from openhotline.statistics.services.publish_figures import publish_figures
from openhotline.statistics.services.publish_report import publish_report


@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """Show every figure with its unit and denominator. Nobody's own figures are here."""
    context = {
        "panel": figures_panel(figures(now())),
        "published": latest_published(),
        "reports": published_reports(),
        "publishes": Role(person_of(request).role) in PUBLISHERS,
    }
    return page(request, "desk/numbers.html", context, current="desk_numbers")


@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    """Publish the figures of now, without the small ones."""
    publish_figures(actor=person_of(request), now=now())
    messages.success(request, "The figures are published, without the small counts.")
    return redirect("desk_numbers")


@require_POST
def publish_period(request: HttpRequest) -> HttpResponse:
    """Publish the report on a period, without small counts; it never changes any more."""
    period = Period.of(request.POST.get("period", "").strip())
    publish_report(period=period, actor=person_of(request), now=now())
    messages.success(request, f"The report on {period.name} is published.")
    return redirect("desk_numbers")
