"""One person asks that another gets a different role."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Invitation, Person, RoleChange
from openhotline.accounts.policies import check_can_change, check_other_role, name_of
from openhotline.accounts.services.ask_approval import ask_about_person
from openhotline.accounts.states import PersonState, Role
from openhotline.audit.services.record import record


def ask_role(*, person_id: int, role: Role, actor: Person | None, now: datetime) -> RoleChange:
    """Write down the change and ask for its approval, which holds for 24 hours; nothing is another until then.

    ``actor`` None is whoever has the command line, and needs no approval. What was approved or asked for this person
    before becomes void; who has not come in yet needs a new link, since theirs could let nobody in any more. Raises
    NotAllowed, NotNow.
    """
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person_id)
        check_can_change(actor, person)
        check_other_role(person, role)
        if person.state == PersonState.INVITED:
            Invitation.objects.filter(person=person, ended_at=None).update(ended_at=now)
        change = RoleChange.objects.create(person=person, before=person.role, role=role, asked_at=now)
        ask_about_person(person, manifest_sha256=change.manifest_sha256, actor=actor, now=now)
        record(
            actor=name_of(actor),
            action="role_asked",
            subject=person.public_id,
            now=now,
            detail={"from": person.role, "to": role},
        )
    return change
