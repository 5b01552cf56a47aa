"""A member that two people agreed on may use the list."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.accounts.services.use_approval import use_approval
from openhotline.accounts.states import Purpose
from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.hashlists.events import MembersAdmitted
from openhotline.hashlists.models import Member
from openhotline.hashlists.policies import check_keeps_lists, check_member_move
from openhotline.hashlists.states import MemberState


def admit_member(*, member: Member, actor: Person, now: datetime) -> Member:
    """Admit a member on exactly the terms that were approved. Twice is once. Raises NotAllowed, NotApproved, NotNow."""
    check_keeps_lists(actor)
    with transaction.atomic():
        member = Member.objects.select_for_update(of=("self",)).select_related("partner").get(pk=member.pk)
        if member.state == MemberState.ADMITTED:
            return member
        member.state = check_member_move(member, "admit")
        digest = member.manifest_sha256()
        use_approval(purpose=Purpose.MEMBER, subject=member.public_id, manifest_sha256=digest, actor=actor, now=now)
        member.admitted_at = now
        member.save(update_fields=["state", "admitted_at"])
        record(
            actor=actor.public_id,
            action="member_admitted",
            subject=member.public_id,
            now=now,
            detail={"manifest": digest},
        )
        publish(MembersAdmitted(ids=(member.pk,)), now=now)
    return member
