"""A person agrees that notices about a provider's hosts go to a mail address."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from openhotline.accounts.errors import NeedsTwoPeople
from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.removal.events import HostsFound, RemovalsOpened
from openhotline.removal.models import Contact, Removal
from openhotline.removal.policies import TAKE_UP_AFTER, check_blocked_days, check_keeps_removals, moved
from openhotline.removal.queries.contacts import contact_to_decide
from openhotline.removal.queries.receiving import receivers
from openhotline.removal.states import ContactState, Level, RemovalState


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
    of_host = Q(hosting__host_contact=contact) | Q(hosting__further_contacts=contact)
    its = of_host | Q(hosting__owner_contact=contact) | Q(hosting__registrar_contact=contact)
    waiting = Removal.objects.filter(its, state__in=[RemovalState.CONTACT_WAITS, RemovalState.HOST_UNKNOWN])
    keys = list(waiting.order_by("pk").values_list("pk", flat=True).distinct())
    Removal.objects.filter(pk__in=keys).update(state=RemovalState.OPENED, sentence="", next_check_at=now)
    if keys:
        publish(RemovalsOpened(ids=tuple(keys)), now=now)
    # Another network of the host was told already: this one is told too. Where the host merely has another contact now
    # than the one that was told, nobody is told twice.
    others = Removal.objects.filter(of_host, level=Level.HOST, state=RemovalState.NOTICED)
    rows = list(others.select_related("hosting__host_contact").order_by("pk").distinct())
    whom = receivers(rows)
    further = [row.pk for row in rows if whom[row.pk].was_told and contact in whom[row.pk].left]
    Removal.objects.filter(pk__in=further).update(state=RemovalState.NOTICE_DUE, next_check_at=now + TAKE_UP_AFTER)
    if further:
        publish(HostsFound(ids=tuple(further)), now=now)
