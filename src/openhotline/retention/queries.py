"""Reading the table of record classes and the holds."""

from datetime import datetime
from pathlib import Path

from django.conf import settings

from openhotline.retention.models import Hold, RecordClass, read_classes
from openhotline.retention.models.record_class import SHIPPED


def record_classes() -> dict[str, RecordClass]:
    """Return the classes of this installation by name: the operator's table, or the shipped one."""
    return read_classes(Path(settings.RETENTION) if settings.RETENTION else SHIPPED)


def held_subjects(now: datetime) -> set[str]:
    """Return the outside ids of reports and items that must not be deleted now."""
    return set(Hold.objects.filter(lifted_at=None, until__gt=now).values_list("subject", flat=True))


def holds(now: datetime) -> list[Hold]:
    """Return the holds in force, the one that ends first first."""
    return list(Hold.objects.filter(lifted_at=None, until__gt=now).order_by("until", "pk"))
