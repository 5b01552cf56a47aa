"""Somebody is invited to work here: their role is fixed now, and they get a link that works once."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from openhotline.accounts.errors import NameTaken
from openhotline.accounts.models import Invitation, Person
from openhotline.accounts.models.invitation import hash_of
from openhotline.accounts.policies import check_can_invite, name_of
from openhotline.accounts.states import PersonState, Role
from openhotline.audit.services.record import record

VALID = timedelta(hours=72)


def invite_person(
    *, username: str, name: str, role: Role, practice: bool, actor: Person | None, now: datetime
) -> tuple[Person, str]:
    """Return the new person and the token of their link, good once within 72 hours; only its hash is kept.

    ``actor`` None is whoever has the command line: the first manager comes in that way. Raises NotAllowed, NameTaken.
    """
    check_can_invite(actor)
    with transaction.atomic():
        if Person.objects.filter(username=username).exists():
            raise NameTaken(f"Somebody signs in as “{username}” already. Choose another name, or invite them again.")
        person = Person(username=username, name=name, role=role, practice=practice)
        person.set_state(PersonState.INVITED)
        person.set_unusable_password()
        person.save()
        token = new_link(person, actor=actor, now=now)
        record(actor=name_of(actor), action="person_invited", subject=person.public_id, now=now, detail={"role": role})
    return person, token


def new_link(person: Person, *, actor: Person | None, now: datetime) -> str:
    """End the person's open link, if any, and return the token of a new one. Within the caller's transaction."""
    Invitation.objects.filter(person=person, ended_at=None).update(ended_at=now)
    token = secrets.token_urlsafe(32)
    Invitation.objects.create(
        person=person,
        token_hash=hash_of(token),
        invited_by=name_of(actor),
        invited_at=now,
        expires_at=now + VALID,
    )
    return token
