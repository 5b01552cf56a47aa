"""Somebody follows their link and begins to work here."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.errors import InvitationOver, NotApproved, WrongCode
from openhotline.accounts.models import Invitation, Person
from openhotline.accounts.models.invitation import hash_of
from openhotline.accounts.policies import check_approved, check_move, check_signers
from openhotline.accounts.queries import approval_of, people_by_id
from openhotline.accounts.services.use_approval import use_approval
from openhotline.accounts.states import Purpose
from openhotline.audit.services.record import record

OVER = "This link was used, replaced or is older than three days. Ask whoever invited you for a new one."


WRONG = "This is not the code of this link. Ask the person at the hotline who agreed that you come."


def join(*, token: str, code: str, password: str | None, actor: str = "invited", now: datetime) -> Person:
    """Use the link: the person may sign in from now on, by what they add next.

    ``password`` None is for who adds a passkey; ``code`` is the one that whoever approved the link was shown, and not
    asked of a link from the command line. Raises InvitationOver, with one sentence for every reason, NotApproved while
    no second person has approved exactly this link, and WrongCode; then it stays good.
    """
    with transaction.atomic():
        invitation = open_invitation(token, now)
        person = Person.objects.select_for_update().get(pk=invitation.person_id)
        # Taken by whoever changes the row first; a second click changes none.
        if not Invitation.objects.filter(pk=invitation.pk, ended_at=None).update(ended_at=now):
            raise InvitationOver(OVER)
        if invitation.needs_approval:
            invitation.person = person
            use_approval(
                purpose=Purpose.ROLE,
                subject=person.public_id,
                manifest_sha256=invitation.manifest_sha256,
                actor=actor,
                now=now,
            )
            if not invitation.opens_with(code):
                raise WrongCode(WRONG)
        person.set_state(check_move(person, "join"))
        if password is None:
            person.set_unusable_password()
        else:
            person.set_password(password)
        person.save(update_fields=["state", "is_active", "epoch", "password"])
        record(actor=actor, action="person_joined", subject=person.public_id, now=now)
    return person


def link_is_approved(invitation: Invitation, now: datetime) -> bool:
    """Say whether a link lets somebody in: two people who still may signed exactly it, or it needs none."""
    if not invitation.needs_approval:
        return True
    approval = approval_of(Purpose.ROLE, invitation.person.public_id)
    try:
        check_approved(approval, Purpose.ROLE, invitation.manifest_sha256, now)
        assert approval is not None
        check_signers(approval, people_by_id([approval.asked_by, approval.approved_by or ""]))
    except NotApproved:
        return False
    return True


def open_invitation(token: str, now: datetime) -> Invitation:
    """Return the invitation a token belongs to while it is good. Raises InvitationOver."""
    found = Invitation.objects.filter(token_hash=hash_of(token), ended_at=None, expires_at__gt=now).first()
    if found is None:
        raise InvitationOver(OVER)
    return found
