"""Somebody tried the number of a service."""

from datetime import date, datetime

from django.db import transaction

from openhotline.accounts.models import Contact, Person
from openhotline.accounts.policies import check_keeps_contacts
from openhotline.audit.services.record import record


def check_contact(*, contact: Contact, number: str, next_check: date, actor: Person, now: datetime) -> Contact:
    """Note that the number, as it is given now, was tried today, and when it is to be tried again."""
    check_keeps_contacts(actor)
    with transaction.atomic():
        contact.number = number
        contact.checked_on = now.date()
        contact.next_check = next_check
        contact.save(update_fields=["number", "checked_on", "next_check"])
        record(actor=actor.public_id, action="contact_checked", subject=contact.public_id, now=now)
    return contact
