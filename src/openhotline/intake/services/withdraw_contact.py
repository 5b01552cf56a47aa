"""A reporter takes their contact details back; the report stays."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from openhotline.audit.services.record import record
from openhotline.intake.models import Report


def withdraw_contact(*, report: Report, now: datetime, actor: str = "public") -> bool:
    """Take the contact details away for good and return whether anything changed. Again changes nothing.

    A legal hold on the report does not keep them: they were given freely, and a page that refused would tell whoever
    holds the words that there is a hold.
    """
    with transaction.atomic():
        there = Q(contact__isnull=False) | Q(contact_withdrawn=False)
        changed = Report.objects.filter(there, pk=report.pk).update(contact=None, contact_withdrawn=True) > 0
        if changed:
            record(actor=actor, action="contact_withdrawn", subject=report.public_id, now=now)
    return changed
