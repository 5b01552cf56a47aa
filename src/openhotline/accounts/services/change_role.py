"""Somebody gets another role."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.errors import ApprovalVoid
from openhotline.accounts.models import Person, RoleChange
from openhotline.accounts.policies import name_of
from openhotline.accounts.services.use_approval import use_approval
from openhotline.accounts.states import Purpose
from openhotline.audit.services.record import record


def change_role(*, change_id: int, actor: Person | None, now: datetime) -> Person:
    """Give a person the role that two people agreed on; every session of theirs ends. Once.

    ``actor`` None is whoever has the command line: they act alone, and the log says so. Raises
    NotApproved, ApprovalVoid.
    """
    with transaction.atomic():
        person = Person.objects.select_for_update().get(role_changes=change_id)
        change = RoleChange.objects.select_for_update().get(pk=change_id)
        change.person = person
        if change.done_at is not None or change.before != person.role:
            raise ApprovalVoid("The role was changed meanwhile, so this is not done. Look again, and ask for it anew.")
        if actor is not None:
            use_approval(
                purpose=Purpose.ROLE,
                subject=person.public_id,
                manifest_sha256=change.manifest_sha256,
                actor=actor,
                now=now,
            )
        person.role = change.role
        person.end_sessions()
        person.save(update_fields=["role", "epoch"])
        change.done_at = now
        change.save(update_fields=["done_at"])
        record(
            actor=name_of(actor),
            action="role_changed",
            subject=person.public_id,
            now=now,
            detail={"from": change.before, "to": change.role, "alone": actor is None},
        )
    return person
