"""A person agrees that notices about a provider's hosts go to a mail address."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from openhotline.accounts.errors import NeedsTwoPeople
from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.removal.events import RemovalsOpened
from openhotline.removal.models import Contact, Removal
from openhotline.removal.policies import check_blocked_days, check_keeps_removals, moved
from openhotline.removal.queries.contacts import contact_to_decide
from openhotline.removal.states import ContactState, RemovalState


def approve_contact(
    *, contact: str, actor: Person, now: datetime, language: str = "en", blocked_days: str = ""
) -> Contact:
    """Approve a contact by its outside id, alone or, where the house says so, as one of two people.

    What waited for it goes on: its hosts are asked about once more first. Raises NotAllowed, Missing, NotNow,
    ContactRefused, and NeedsTwoPeople when the same person comes twice.
    """
    check_keeps_removals(actor)
    days = check_blocked_days(blocked_days)
    with transaction.atomic():
        row = contact_to_decide(contact)
        if row.state == ContactState.SECONDING:
            if row.approved_by == actor.public_id:
                raise NeedsTwoPeople("You approved this contact already. The second has to be another person.")
            row.state, row.seconded_by = moved(row.state, "approve_contact"), actor.public_id
        else:
            step = "approve_first_of_two" if settings.CONTACTS_BY_TWO else "approve_contact"
            row.state, row.approved_by, row.seconded_by = moved(row.state, step), actor.public_id, ""
        row.decided_at, row.language, row.blocked_days = now, language[:8].lower(), days
        row.save()
        record(actor=actor.public_id, action=f"contact_{row.state}", subject=row.public_id, now=now)
        if row.state == ContactState.APPROVED:
            _take_up(row, now)
    return row


def _take_up(contact: Contact, now: datetime) -> None:
    its = Q(hosting__host_contact=contact) | Q(hosting__owner_contact=contact) | Q(hosting__registrar_contact=contact)
    waiting = Removal.objects.filter(its, state__in=[RemovalState.CONTACT_WAITS, RemovalState.HOST_UNKNOWN])
    keys = list(waiting.order_by("pk").values_list("pk", flat=True))
    Removal.objects.filter(pk__in=keys).update(state=RemovalState.OPENED, sentence="", next_check_at=now)
    if keys:
        publish(RemovalsOpened(ids=tuple(keys)), now=now)
