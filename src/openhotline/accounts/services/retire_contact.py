"""A service no longer exists, or is no longer the one to call."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Contact, Person
from openhotline.accounts.policies import check_keeps_contacts
from openhotline.audit.services.record import record


def retire_contact(*, contact: Contact, actor: Person, now: datetime) -> Contact:
    """Take a service out of the directory; the row stays."""
    check_keeps_contacts(actor)
    with transaction.atomic():
        contact.retired_at = now
        contact.save(update_fields=["retired_at"])
        record(actor=actor.public_id, action="contact_retired", subject=contact.public_id, now=now)
    return contact
