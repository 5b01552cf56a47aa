"""A member says of an entry, after a person there looked, that it is right or that it may be wrong."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.errors import Missing, NotNow
from openhotline.core.events import publish
from openhotline.hashlists.events import EntriesQuestioned
from openhotline.hashlists.models import CanaryWord, Entry, Feedback, Member
from openhotline.hashlists.queries.members import canaries_in_question
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
            if _keep_of_canary(member, entry, detail, now):
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


def _keep_of_canary(member: Member, canary: str, detail: Mapping[str, str], now: datetime) -> bool:
    """Keep a word on a canary, so that nothing tells it from an entry; say whether it is new. No person is asked."""
    before = CanaryWord.objects.select_for_update().filter(member=member, canary=canary).first()
    if before is not None and (before.verdict, before.reason) == (detail["verdict"], detail["reason"]):
        return False
    since = before.disputed_at if before is not None else None
    if detail["verdict"] == FeedbackVerdict.DISPUTE and canary not in canaries_in_question(member, now):
        since = now
    told = {**detail, "given_at": now, "disputed_at": since}
    CanaryWord.objects.update_or_create(member=member, canary=canary, defaults=told)
    return True
