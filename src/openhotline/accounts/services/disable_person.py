"""Somebody no longer works here, or must not sign in for now."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from openhotline.accounts.models import Approval, Invitation, Person
from openhotline.accounts.policies import check_can_change, check_move, name_of
from openhotline.accounts.states import Purpose
from openhotline.audit.services.record import record


def disable_person(*, person_id: int, actor: Person | None, now: datetime) -> Person:
    """End every session, link, password and key of a person. They are never deleted: the log speaks of them.

    Raises NotAllowed, NotNow.
    """
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person_id)
        check_can_change(actor, person)
        person.set_state(check_move(person, "disable_person"))
        person.set_unusable_password()
        person.save(update_fields=["state", "is_active", "epoch", "password"])
        Authenticator.objects.filter(user=person).delete()
        Invitation.objects.filter(person=person, ended_at=None).update(ended_at=now)
        Approval.objects.void(Purpose.ROLE, person.public_id)
        record(actor=name_of(actor), action="person_disabled", subject=person.public_id, now=now)
    return person
