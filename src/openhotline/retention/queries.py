"""Reading the table of record classes and the holds."""

from datetime import datetime
from pathlib import Path

from django.conf import settings

from openhotline.retention.models import Hold, RecordClass, read_classes
from openhotline.retention.models.record_class import SHIPPED


def record_classes() -> dict[str, RecordClass]:
    """Return the classes of this installation by name: the operator's table, or the shipped one.

    A class that came with a later version, and that a copy does not have, is as shipped.
    """
    shipped = read_classes(SHIPPED)
    return shipped | read_classes(Path(settings.RETENTION)) if settings.RETENTION else shipped


def held_subjects(now: datetime) -> dict[str, str]:
    """Return the outside ids of reports and items that must not be deleted now, each with the reason in a sentence.

    Of several holds on one it is the one that ends last.
    """
    return {hold.subject: hold.why for hold in Hold.objects.in_force(now)}


def holds(now: datetime) -> list[Hold]:
    """Return the holds in force, the one that ends first first."""
    return list(Hold.objects.in_force(now))
