"""A reporter takes their contact details back; the report stays."""

from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.intake.models import Report


def withdraw_contact(*, report: Report, now: datetime, actor: str = "public") -> bool:
    """Take the contact details away and return whether there were any. Again changes nothing.

    A legal hold on the report does not keep them: they were given freely, and a page that refused would tell whoever
    holds the words that there is a hold.
    """
    with transaction.atomic():
        there = Report.objects.filter(pk=report.pk, contact__isnull=False).update(contact=None) > 0
        if there:
            record(actor=actor, action="contact_withdrawn", subject=report.public_id, now=now)
    return there
