"""After a restore no notice goes out until a person has looked."""

from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.removal.models import MailHold


def hold_mail(*, actor: str, now: datetime) -> MailHold:
    """Begin a hold of all notices, or return the one that is in force. Does not look at the clock to end."""
    with transaction.atomic():
        hold, is_new = MailHold.objects.get_or_create(ended_at=None, defaults={"begun_at": now})
        if is_new:
            record(actor=actor, action="mail_held", subject="notices", now=now)
    return hold
