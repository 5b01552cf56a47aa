"""A member may use the list no more, or not for now."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.hashlists.models import Member
from openhotline.hashlists.policies import check_keeps_lists, check_member_move
from openhotline.hashlists.states import MemberState


def end_member(*, member: Member, actor: Person, now: datetime, suspend: bool = False) -> Member:
    """Let nothing be answered to a member from now on; to come back it is drafted and approved again. Twice is once.

    ``suspend``: for now, while somebody asks what its queries were about. Raises NotAllowed or NotNow.
    """
    check_keeps_lists(actor)
    wanted = MemberState.SUSPENDED if suspend else MemberState.ENDED
    with transaction.atomic():
        member = Member.objects.select_for_update(of=("self",)).select_related("partner").get(pk=member.pk)
        if member.state != wanted:
            member.state = check_member_move(member, "suspend" if suspend else "end")
            member.ended_at = None if suspend else now
            member.save(update_fields=["state", "ended_at"])
            action = "member_suspended" if suspend else "member_ended"
            record(actor=actor.public_id, action=action, subject=member.public_id, now=now)
    return member
