"""What happens with what people tell, for adults and for children; the same for everybody who asks."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openhotline.retention.queries import record_classes


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Show the privacy notice, with the times of the retention table that is in force."""
    return render(request, "intake/privacy.html", _context())


@require_safe
def privacy_children(request: HttpRequest) -> HttpResponse:
    """Show the privacy notice for children and young people."""
    return render(request, "intake/privacy_children.html", _context())


def _context() -> dict[str, object]:
    days = {name: one.days for name, one in record_classes().items()}
    return {"privacy": settings.PRIVACY, "days": days}
