"""The second of two people approves another role for somebody, and it is theirs."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.errors import ApprovalVoid
from openhotline.accounts.models import Approval, Invitation, Person
from openhotline.accounts.queries import grant_of
from openhotline.accounts.services.approve import approve
from openhotline.accounts.services.change_role import change_role


def approve_role(*, approval_id: int, manifest_sha256: str, actor: Person, now: datetime) -> Person | None:
    """Sign as the second person and change the role in the same transaction; return the person.

    Of an approval that is for a link, sign it and return None: the link carries itself out when it is followed.
    Raises NeedsTwoPeople, NotAllowed, NotApproved, ApprovalVoid; then nothing is signed.
    """
    with transaction.atomic():
        # The person first, as whoever asks or disables does: two who cross would otherwise wait for each other.
        subject = Approval.objects.get(pk=approval_id).subject
        Person.objects.select_for_update().get(public_id=subject)
        approval = approve(approval_id=approval_id, manifest_sha256=manifest_sha256, actor=actor, now=now)
        grant = grant_of(approval)
        if grant is None:
            raise ApprovalVoid("This person has changed since it was asked for. Withdraw it, and ask for it again.")
        return None if isinstance(grant, Invitation) else change_role(change_id=grant.pk, actor=actor, now=now)
