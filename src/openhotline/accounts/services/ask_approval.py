"""The first of two people asks for an approval."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from openhotline.accounts.errors import ApprovalVoid
from openhotline.accounts.models import Approval, Person
from openhotline.accounts.policies import check_may_ask_for
from openhotline.accounts.states import ApprovalState, Purpose
from openhotline.audit.services.record import is_at_command_line, record

VALID = timedelta(hours=24)


def ask_approval(
    *,
    purpose: Purpose | str,
    subject: str,
    manifest_sha256: str,
    actor: Person,
    now: datetime,
    until: datetime | None = None,
) -> Approval:
    """Open an approval bound to the exact manifest; it expires after 24 hours, or at ``until``.

    Asked at the command line, it waits for the named person to confirm at the desk that it was them.

    One that stands for the same thing becomes void: what was signed before is not this any more. Raises ApprovalVoid
    when somebody else asked for it at the same moment, NotAllowed when it takes vetting and training and the
    asker's are not in date.
    """
    check_may_ask_for(Purpose(purpose), actor, now)
    try:
        return _asked(Purpose(purpose), subject, manifest_sha256, actor, now, until or now + VALID)
    except IntegrityError as error:
        raise ApprovalVoid("Somebody asked for the same at this moment. Load the page again and look.") from error


def ask_about_person(
    person: Person, *, manifest_sha256: str, actor: Person | None, now: datetime, until: datetime | None = None
) -> None:
    """Ask for the approval of a person's role or link; ``actor`` None is the command line, which needs none.

    What was approved or asked for this person before is void either way.
    """
    if actor is None:
        Approval.objects.void(Purpose.ROLE, person.public_id)
        return
    ask_approval(
        purpose=Purpose.ROLE,
        subject=person.public_id,
        manifest_sha256=manifest_sha256,
        actor=actor,
        now=now,
        until=until,
    )


def _asked(
    purpose: Purpose, subject: str, manifest_sha256: str, actor: Person, now: datetime, until: datetime
) -> Approval:
    with transaction.atomic():
        voided = Approval.objects.void(purpose, subject)
        approval = Approval.objects.create(
            purpose=purpose,
            subject=subject,
            manifest_sha256=manifest_sha256,
            state=ApprovalState.TYPED if is_at_command_line() else ApprovalState.ASKED,
            asked_by=actor.public_id,
            asked_at=now,
            expires_at=until,
        )
        record(
            actor=actor.public_id,
            action=f"{purpose}_approval_asked",
            subject=subject,
            now=now,
            detail={"manifest": manifest_sha256, "voided": voided},
        )
    return approval
