"""Somebody starts to work at the hotline."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.accounts.states import Role
from openhotline.audit.services.record import record


def add_person(
    *, username: str, name: str, role: Role, password: str | None, practice: bool, actor: str, now: datetime
) -> Person:
    """Add a person with one role; without a password they cannot sign in by one."""
    with transaction.atomic():
        person = Person(username=username, name=name, role=role, practice=practice)
        if password is None:
            person.set_unusable_password()
        else:
            person.set_password(password)
        person.save()
        record(actor=actor, action="person_added", subject=person.public_id, now=now, detail={"role": role})
    return person
