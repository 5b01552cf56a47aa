"""The second of two people approves."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Approval, Person
from openhotline.accounts.policies import check_can_approve
from openhotline.accounts.states import ApprovalState
from openhotline.audit.services.record import record


def approve(*, approval_id: int, manifest_sha256: str, actor: Person, now: datetime) -> Approval:
    """Sign as the second person. Raises NeedsTwoPeople, NotAllowed or ApprovalVoid."""
    with transaction.atomic():
        approval = Approval.objects.select_for_update().get(pk=approval_id)
        check_can_approve(approval, actor, manifest_sha256, now)
        approval.state = ApprovalState.APPROVED
        approval.approved_by = actor.public_id
        approval.approved_at = now
        approval.save(update_fields=["state", "approved_by", "approved_at"])
        record(actor=actor.public_id, action=f"{approval.purpose}_approved", subject=approval.subject, now=now)
    return approval
