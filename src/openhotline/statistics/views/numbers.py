"""The public page of figures."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openhotline.statistics.panels import published_panel
from openhotline.statistics.queries import latest_published
from openhotline.statistics.queries.report import published_reports


@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """Show everybody what was published last: no site, tool or person is named, and nothing is counted here."""
    published = latest_published()
    panel = published_panel(published) if published else None
    context = {"panel": panel, "published": published, "reports": published_reports()}
    return render(request, "statistics/numbers.html", context)
