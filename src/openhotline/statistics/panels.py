"""Figures as tables and as a funnel."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from openhotline.statistics.models import PublishedFigures
from openhotline.statistics.policies import content_of
from openhotline.statistics.states import Figures

HEADERS = ("What", "Count", "Share", "Duplicates")


def figures_panel(figures: Figures) -> SafeString:
    """Render all tables and the funnel as they stand, small counts too: for the desk only."""
    return _panel(content_of(figures, suppress=False), figures.at, practice=settings.PRACTICE, outside=False)


def published_panel(published: PublishedFigures) -> SafeString:
    """Render what was published; nothing else is known here, so nothing else can be shown."""
    return _panel(published.content, published.period_end, practice=published.practice, outside=True)


def _panel(content: dict[str, Any], at: datetime, *, practice: bool, outside: bool) -> SafeString:
    context = {"at": at, "practice": practice, "suppress": outside, "headers": HEADERS}
    return render_to_string("statistics/_figures.html", content | context)
