"""Removals: what was noticed, what is gone, what waits and why."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from openhotline.desk.queries.later import removal_counts, removal_lines
from openhotline.desk.views.page import page


@require_safe
def removals(request: HttpRequest) -> HttpResponse:
    """Show removals by state and provider; addresses stay on the pages of their reports."""
    context = {
        "state_headers": ("State", "Addresses"),
        "counts_by_state": removal_counts(),
        "headers": ("Address", "State", "Provider", "Misses", "Why"),
        "rows": removal_lines(),
    }
    return page(request, "desk/removals.html", context, current="desk_removals")
