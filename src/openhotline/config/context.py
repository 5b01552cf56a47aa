"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def hotline(_request: HttpRequest) -> dict[str, Any]:
    """Return the hotline's name, hours and emergency number, and whether this is practice."""
    return {"hotline": settings.HOTLINE, "practice": settings.PRACTICE}
