"""A service near by comes into the directory."""

from datetime import date, datetime

from django.db import transaction

from openhotline.accounts.models import Contact, Person
from openhotline.accounts.policies import check_keeps_contacts
from openhotline.audit.services.record import record


def add_contact(*, name: str, for_whom: str, number: str, next_check: date, actor: Person, now: datetime) -> Contact:
    """Keep a service whose number was tried today; ``next_check`` is when it is to be tried again."""
    check_keeps_contacts(actor)
    with transaction.atomic():
        contact = Contact.objects.create(
            name=name, for_whom=for_whom, number=number, checked_on=now.date(), next_check=next_check
        )
        record(actor=actor.public_id, action="contact_added", subject=contact.public_id, now=now)
    return contact
