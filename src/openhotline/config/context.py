"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

FOOTER = (
    ("home", _("Report")),
    ("guidance", _("Guidance for people who work with children")),
    ("numbers", _("Numbers")),
    ("safety", _("Stay safe on this site")),
    ("privacy", _("What we do with what you tell us")),
    ("privacy_children", _("For children and young people: what we do with what you tell us")),
)


def hotline(_request: HttpRequest) -> dict[str, Any]:
    """Return the hotline's name, hours and emergency number, whether this is practice, and the links of the footer."""
    return {"hotline": settings.HOTLINE, "practice": settings.PRACTICE, "footer_links": _footer()}


def _footer() -> list[dict[str, str]]:
    """Return the links of this door: another door has not all of these pages."""
    links = []
    for route, label in FOOTER:
        try:
            links.append({"href": reverse(route), "label": str(label)})
        except NoReverseMatch:
            continue
    return links
