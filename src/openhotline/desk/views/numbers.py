"""The figures as the desk sees them: small ones too."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from openhotline.core.clock import now
from openhotline.desk.views.page import page
from openhotline.statistics.panels import figures_panel
from openhotline.statistics.queries import figures


@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """Show every figure with its unit and denominator. Nobody's own figures are here."""
    panel = figures_panel(figures(now()), suppress=False)
    return page(request, "desk/numbers.html", {"panel": panel}, current="desk_numbers")
