"""Contacts of providers: which wait for a person."""

from django.db.models import Count, QuerySet

from openhotline.core.errors import Missing
from openhotline.removal.models import Contact
from openhotline.removal.states import ContactState

WAITING = (ContactState.PROPOSED, ContactState.SECONDING, ContactState.BOUNCED)


def contact_to_decide(contact: str) -> Contact:
    """Return a contact by its outside id, locked with the caller's transaction. Raises Missing."""
    row = Contact.objects.select_for_update().filter(public_id=contact).first()
    if row is None:
        raise Missing("There is no such contact. Load the page of contacts again.")
    return row


def contacts_waiting() -> "QuerySet[Contact]":
    """Return the contacts that a person has to decide on, oldest first."""
    return Contact.objects.filter(state__in=WAITING).order_by("proposed_at", "pk")


def contacts_decided() -> "QuerySet[Contact]":
    """Return the contacts that were decided on, newest first, each with how many notices went to it (``sent``)."""
    rows = Contact.objects.exclude(state__in=WAITING).annotate(sent=Count("notices__sent_at"))
    return rows.order_by("-decided_at", "-pk")
