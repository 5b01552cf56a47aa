"""Somebody lost what they sign in with, or comes back: everything they had ends, and they get a new link."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.accounts.policies import check_can_change, check_move, name_of
from openhotline.accounts.services.make_link import make_link
from openhotline.audit.services.record import record


def invite_again(*, person_id: int, actor: Person | None, now: datetime) -> tuple[Person, str]:
    """Return the person and the token of a new link. Sessions, password, passkeys and codes end at once.

    The link lets nobody in before a second person approved it, or a manager could sign in as anybody. Raises
    NotAllowed: nobody does this for themselves, so that a stolen session cannot make itself a new key.
    """
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person_id)
        check_can_change(actor, person)
        person.set_state(check_move(person, "invite_again"))
        person.set_unusable_password()
        person.save(update_fields=["state", "is_active", "epoch", "password"])
        Authenticator.objects.filter(user=person).delete()
        token = make_link(person, actor=actor, now=now)
        record(
            actor=name_of(actor),
            action="person_invited_again",
            subject=person.public_id,
            now=now,
            detail={"role": person.role, "alone": actor is None},
        )
    return person, token
