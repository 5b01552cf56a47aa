"""Somebody gets another role."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.accounts.policies import check_can_change, name_of
from openhotline.accounts.states import Role
from openhotline.audit.services.record import record


def change_role(*, person_id: int, role: Role, actor: Person | None, now: datetime) -> Person:
    """Give a person one role in place of the one they had; every session of theirs ends. Raises NotAllowed.

    Whether a second person has to approve the grant is asked before this is called.
    """
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person_id)
        check_can_change(actor, person)
        before = person.role
        if before == role:
            return person
        person.role = role
        person.end_sessions()
        person.save(update_fields=["role", "epoch"])
        record(
            actor=name_of(actor),
            action="role_changed",
            subject=person.public_id,
            now=now,
            detail={"from": before, "to": role},
        )
    return person
