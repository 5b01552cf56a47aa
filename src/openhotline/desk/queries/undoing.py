"""What a person may still take back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from openhotline.assessment.models import Assessment
from openhotline.assessment.states import Opinion


@dataclass(frozen=True)
class Undoable:
    """The last assessment of a person and for how many more seconds it can be undone."""

    assessment: str
    seconds: int


def undoable(person: str, now: datetime) -> Undoable | None:
    """Return the newest own assessment inside the undo window, or None."""
    window = timedelta(seconds=settings.UNDO_SECONDS)
    row = (
        Assessment.objects.filter(person=person, undone_at=None, made_at__gt=now - window)
        .exclude(opinion=Opinion.GOLDEN)
        .order_by("-made_at", "-pk")
        .first()
    )
    if row is None:
        return None
    return Undoable(row.public_id, int((row.made_at + window - now).total_seconds()))
