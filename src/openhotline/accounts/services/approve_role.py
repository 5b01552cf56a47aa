"""The second of two people approves another role for somebody, and it is theirs; or a link, and gets its code."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.errors import ApprovalVoid
from openhotline.accounts.models import Approval, Invitation, Person
from openhotline.accounts.models.invitation import new_code
from openhotline.accounts.queries import grant_of
from openhotline.accounts.services.approve import approve
from openhotline.accounts.services.change_role import change_role


def approve_role(*, approval_id: int, manifest_sha256: str, actor: Person, now: datetime) -> Person | str:
    """Sign as the second person and change the role in the same transaction; return the person.

    Of an approval that is for a link, sign it and return the link's code, of which only a hash is kept: the link
    carries itself out when it is followed, with the code, which whoever approved tells the person and nobody else.
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
        if not isinstance(grant, Invitation):
            return change_role(change_id=grant.pk, actor=actor, now=now)
        code = new_code()
        grant.code_hash = grant.hash_code(code)
        grant.save(update_fields=["code_hash"])
        return code
