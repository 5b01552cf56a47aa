"""Somebody starts to work at the hotline."""

from datetime import date, datetime, timedelta

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.accounts.states import Role
from openhotline.audit.services.record import record

PRACTICE_DATES = timedelta(days=3652)


def add_person(
    *, username: str, name: str, role: Role, password: str | None, practice: bool, actor: str, now: datetime
) -> Person:
    """Add a person with one role; without a password they cannot sign in by one.

    Practice people count as vetted and trained for ten years; for everybody else a manager records the dates.
    """
    with transaction.atomic():
        person = Person(username=username, name=name, role=role, practice=practice)
        if practice:
            person.vetted_until = person.trained_until = _practice_date(now)
        if password is None:
            person.set_unusable_password()
        else:
            person.set_password(password)
        person.save()
        record(actor=actor, action="person_added", subject=person.public_id, now=now, detail={"role": role})
    return person


def _practice_date(now: datetime) -> date:
    return (now + PRACTICE_DATES).date()
