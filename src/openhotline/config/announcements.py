"""Announcements that were given up: a person who mended the cause has them delivered again."""

from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.events import deliver_again, given_up


def take_up_again(*, actor: str, now: datetime) -> int:
    """Have everything that was given up delivered again, and return how many announcements that is."""
    with transaction.atomic():
        keys = [one.key for one in given_up()]
        if keys:
            deliver_again(keys)
            record(actor=actor, action="announcements_taken_up", subject="announcements", ids=keys, now=now)
    return len(keys)
