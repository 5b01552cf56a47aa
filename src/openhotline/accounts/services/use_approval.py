"""What two people signed is carried out: once, and only while both still may."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Approval, Person
from openhotline.accounts.policies import check_approved, check_may_carry_out, check_signers, check_signers_in_date
from openhotline.accounts.queries import approval_of
from openhotline.accounts.states import ApprovalState, Purpose
from openhotline.audit.services.record import record


def check_usable(*, purpose: Purpose | str, subject: str, manifest_sha256: str, now: datetime) -> None:
    """Raise NotApproved, with the sentence of what is missing, unless exactly this could be carried out now."""
    _check(approval_of(purpose, subject), Purpose(purpose), manifest_sha256, now)


def use_approval(
    *, purpose: Purpose | str, subject: str, manifest_sha256: str, actor: Person | str, now: datetime
) -> Approval:
    """Mark the approval of exactly this manifest as used, in the transaction that carries it out.

    Call it inside that transaction: if it fails, the approval stands as it was. Of several that try at once, one goes
    on. Vetting and training of both signers, and of who carries it out, are in date where such a thing takes them.
    Raises NotApproved, with the sentence of what is missing, and NotAllowed.
    """
    doer = actor if isinstance(actor, Person) else Person.objects.filter(public_id=actor).first()
    if doer is not None:
        check_may_carry_out(Purpose(purpose), doer, now)
    with transaction.atomic():
        standing = approval_of(purpose, subject)
        approval = Approval.objects.select_for_update().get(pk=standing.pk) if standing else None
        approval = _check(approval, Purpose(purpose), manifest_sha256, now)
        approval.state, approval.used_at = ApprovalState.USED, now
        approval.save(update_fields=["state", "used_at"])
        record(
            actor=actor if isinstance(actor, str) else actor.public_id,
            action=f"{purpose}_approval_used",
            subject=subject,
            now=now,
            detail={"manifest": manifest_sha256},
        )
    return approval


def _check(approval: Approval | None, purpose: Purpose, manifest_sha256: str, now: datetime) -> Approval:
    check_approved(approval, purpose, manifest_sha256, now)
    assert approval is not None
    signed = Person.objects.filter(public_id__in=[approval.asked_by, approval.approved_by])
    check_signers(approval, {person.public_id: person for person in signed})
    check_signers_in_date(approval, signed, now)
    return approval
