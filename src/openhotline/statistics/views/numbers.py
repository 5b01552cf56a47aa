"""The public page of figures."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openhotline.core.clock import now
from openhotline.statistics.panels import figures_panel
from openhotline.statistics.queries import figures


@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """Show the figures to everybody: no site, tool or person is named, and small counts are not shown."""
    return render(request, "statistics/numbers.html", {"panel": figures_panel(figures(now()), suppress=True)})
