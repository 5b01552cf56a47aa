"""Somebody is invited to work here: their role is fixed now, and their link works once, when a second person agreed."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.errors import NameTaken
from openhotline.accounts.models import Person
from openhotline.accounts.policies import check_can_invite, name_of
from openhotline.accounts.services.make_link import make_link
from openhotline.accounts.states import PersonState, Role
from openhotline.audit.services.record import record


def invite_person(
    *, username: str, name: str, role: Role, practice: bool, actor: Person | None, now: datetime
) -> tuple[Person, str]:
    """Return the new person and the token of their link, good once within 72 hours; only its hash is kept.

    It lets nobody in before a second person approved it. ``actor`` None is whoever has the command line, who acts
    alone, and the log says so: the first manager comes in that way. Raises NotAllowed, NameTaken.
    """
    check_can_invite(actor)
    with transaction.atomic():
        if Person.objects.filter(username=username).exists():
            raise NameTaken(f"Somebody signs in as “{username}” already. Choose another name, or invite them again.")
        person = Person(username=username, name=name, role=role, practice=practice)
        person.set_state(PersonState.INVITED)
        person.set_unusable_password()
        person.save()
        token = make_link(person, actor=actor, now=now)
        record(
            actor=name_of(actor),
            action="person_invited",
            subject=person.public_id,
            now=now,
            detail={"role": role, "alone": actor is None},
        )
    return person, token
