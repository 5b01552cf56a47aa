"""An organisation will report by the API."""

from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.errors import NotNow
from openhotline.intake.models import Partner

MOST_HOURLY = 1_000_000


def add_partner(*, name: str, hourly: int, actor: str, now: datetime) -> Partner:
    """Add a partner with the number of reports an hour that was agreed. Raises NotNow for a name or number amiss."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= 120 or not name.isprintable():
        raise NotNow("A partner needs a name of 1 to 120 printable characters.")
    if not 1 <= hourly <= MOST_HOURLY:
        raise NotNow(f"{hourly} reports an hour cannot be agreed; a number from 1 to {MOST_HOURLY:,} can.")
    with transaction.atomic():
        if Partner.objects.filter(name=name).exists():
            raise NotNow(f"There is a partner named {name!r} already. Give it a further key, or choose another name.")
        partner = Partner.objects.create(name=name, hourly=hourly, added_at=now)
        record(actor=actor, action="partner_added", subject=partner.public_id, now=now)
    return partner
