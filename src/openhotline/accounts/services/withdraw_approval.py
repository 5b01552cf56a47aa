"""What was asked for, or approved, shall not be carried out after all."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Approval, Person
from openhotline.accounts.policies import check_may_withdraw
from openhotline.accounts.states import ApprovalState
from openhotline.audit.services.record import record


def withdraw_approval(*, approval_id: int, actor: Person, now: datetime) -> Approval:
    """Make an approval void before it was used. Raises NotAllowed, or ApprovalVoid when it no longer stands."""
    with transaction.atomic():
        approval = Approval.objects.select_for_update().get(pk=approval_id)
        check_may_withdraw(approval, actor)
        approval.state = ApprovalState.VOID
        approval.save(update_fields=["state"])
        record(
            actor=actor.public_id,
            action=f"{approval.purpose}_approval_withdrawn",
            subject=approval.subject,
            now=now,
        )
    return approval
