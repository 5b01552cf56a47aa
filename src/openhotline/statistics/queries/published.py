"""The figures that were published."""

from django.conf import settings

from openhotline.statistics.models import PublishedFigures


def latest_published() -> PublishedFigures | None:
    """Return what was published last; in production nothing that was published in practice."""
    rows = PublishedFigures.objects.all()
    if not settings.PRACTICE:
        rows = rows.filter(practice=False)
    return rows.order_by("-published_at", "-pk").first()
