"""What must not be deleted."""

from datetime import datetime

from openhotline.core.errors import NotNow
from openhotline.retention.models import Hold


def check_not_held(subject: str, now: datetime) -> None:
    """Raise NotNow when a report or an item is under a legal hold: whoever destroys anything asks here first."""
    hold = Hold.objects.filter(subject=subject, lifted_at=None, until__gt=now).order_by("-until").first()
    if hold is not None:
        raise NotNow(
            f"{subject} is under a legal hold ({hold.cause}) until {hold.until:%d %B %Y}: it must not be destroyed. "
            f"Whoever may lift it does so with: openhotline retention lift {hold.public_id}."
        )
