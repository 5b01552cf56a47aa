"""A person says that no notice goes to a contact."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.removal.models import Contact
from openhotline.removal.policies import check_keeps_removals, moved
from openhotline.removal.queries.contacts import contact_to_decide


def refuse_contact(*, contact: str, actor: Person, now: datetime) -> Contact:
    """Say that nothing goes to a contact, now and later. Raises NotAllowed, Missing, NotNow."""
    check_keeps_removals(actor)
    with transaction.atomic():
        row = contact_to_decide(contact)
        row.state, row.decided_at = moved(row.state, "refuse_contact"), now
        row.save()
        record(actor=actor.public_id, action="contact_refused", subject=row.public_id, now=now)
    return row
