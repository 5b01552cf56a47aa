"""Somebody says at the desk that it was them who asked at the command line."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Approval, Person
from openhotline.accounts.policies import check_can_confirm
from openhotline.accounts.states import ApprovalState
from openhotline.audit.services.record import record


def confirm_approval(*, approval_id: int, manifest_sha256: str, actor: Person, now: datetime) -> Approval:
    """Let a second person approve what was typed in this person's name. Raises NotAllowed or ApprovalVoid."""
    with transaction.atomic():
        approval = Approval.objects.select_for_update().get(pk=approval_id)
        check_can_confirm(approval, actor, manifest_sha256, now)
        approval.state = ApprovalState.ASKED
        approval.save(update_fields=["state"])
        record(
            actor=actor.public_id,
            action=f"{approval.purpose}_approval_confirmed",
            subject=approval.subject,
            now=now,
            detail={"manifest": manifest_sha256},
        )
    return approval
