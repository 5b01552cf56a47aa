"""A member says of an entry, after a person there looked, that it is right or that it may be wrong."""

from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.errors import Missing, NotNow
from openhotline.core.events import publish
from openhotline.hashlists.events import EntriesQuestioned
from openhotline.hashlists.models import Entry, Feedback, Member
from openhotline.hashlists.queries.own_canaries import canaries_for
from openhotline.hashlists.states import EntryState, FeedbackReason, FeedbackVerdict


def give_feedback(
    *, member: Member, entry: str, verdict: FeedbackVerdict, reason: FeedbackReason | None, actor: str, now: datetime
) -> None:
    """Keep a member's word on an entry (by outside id); a dispute puts it in question, and a person looks again.

    The same again changes nothing. Raises Missing for what is no published entry of the member's streams, NotNow for a
    dispute without a reason.
    """
    if (verdict == FeedbackVerdict.DISPUTE) != (reason is not None):
        raise NotNow(f"A dispute needs a reason, a confirmation has none. Reasons: {', '.join(FeedbackReason)}.")
    detail = {"verdict": str(verdict), "reason": str(reason or "")}
    with transaction.atomic():
        if any(one.public_id == entry for one in canaries_for(member).entries):
            # Taken like any, so that nothing tells it from an entry; nothing follows.
            record(actor=actor, action="feedback_given", subject=entry, now=now, detail={**detail})
            return
        # PostgreSQL compares no text that holds a zero byte.
        named = Entry.objects.filter(public_id=entry.replace("\0", " "), released_in__isnull=False)
        row = named.select_for_update().first()
        if row is None or row.stream not in member.agreed.streams:
            raise Missing(f"There is no entry {entry[:40]!r} in your list. Give the id as the list or a match has it.")
        before = Feedback.objects.filter(member=member, entry=row).first()
        if before is not None and (before.verdict, before.reason) == (detail["verdict"], detail["reason"]):
            return
        Feedback.objects.update_or_create(member=member, entry=row, defaults={**detail, "given_at": now})
        record(actor=actor, action="feedback_given", subject=row.public_id, now=now, detail={**detail})
        if verdict == FeedbackVerdict.DISPUTE and row.state == EntryState.ACTIVE:
            publish(EntriesQuestioned(ids=(row.pk,)), now=now)
