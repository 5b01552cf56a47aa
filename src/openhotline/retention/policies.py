"""What must not be deleted."""

from datetime import datetime

from openhotline.core.errors import NotNow
from openhotline.retention.models import Hold


def check_not_held(subject: str, now: datetime) -> None:
    """Raise NotNow when a report or an item is under a legal hold: whoever destroys anything asks here first."""
    hold = Hold.objects.in_force(now).filter(subject=subject).last()
    if hold is not None:
        raise NotNow(f"{subject} must be kept: {hold.why}")
