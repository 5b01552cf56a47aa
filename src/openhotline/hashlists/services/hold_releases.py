"""After a restore no list goes out until a manager has looked."""

from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.hashlists.models import ReleaseHold


def hold_releases(*, actor: str, now: datetime) -> ReleaseHold:
    """Begin a hold of every list, or return the one that is in force. Does not look at the clock to end."""
    with transaction.atomic():
        hold, is_new = ReleaseHold.objects.get_or_create(ended_at=None, defaults={"begun_at": now})
        if is_new:
            record(actor=actor, action="releases_held", subject="lists", now=now)
    return hold
