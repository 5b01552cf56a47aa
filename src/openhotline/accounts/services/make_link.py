"""A link is made for somebody, and a second person asked to approve it."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Invitation, Person
from openhotline.accounts.policies import name_of
from openhotline.accounts.services.ask_approval import ask_about_person


def make_link(person: Person, *, actor: Person | None, now: datetime) -> str:
    """Return the token of a new link in place of the old; call it in the transaction that invites, which records it.

    What stood to be approved for this person is void: an approval is of one link, and holds as long as that.
    """
    with transaction.atomic():
        link, token = Invitation.objects.renew(person, by=name_of(actor), now=now)
        ask_about_person(person, manifest_sha256=link.manifest_sha256, actor=actor, now=now, until=link.expires_at)
    return token
