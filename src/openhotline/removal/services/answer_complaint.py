"""A person answers a complaint that something is wrongly to be taken down."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.core.errors import Missing, NotNow
from openhotline.core.events import publish
from openhotline.removal.events import ComplaintsUpheld
from openhotline.removal.models import Complaint, Removal, Told
from openhotline.removal.policies import LONGEST_LETTER, check_keeps_removals
from openhotline.removal.states import ComplaintEnd, RemovalState

STOPPED = "A complaint about this was upheld. No notice goes out, and its entries wait in question."


def answer_complaint(*, complaint: str, end: ComplaintEnd, answer: str, actor: Person, now: datetime) -> Complaint:
    """Close a complaint with the answer that was given. Upheld stops its removals and puts their entries in question.

    Raises NotAllowed, Missing, and NotNow when it was answered or the answer is empty.
    """
    check_keeps_removals(actor)
    if not answer.strip():
        raise NotNow("Write down what was answered. Nothing was changed.")
    with transaction.atomic():
        row = Complaint.objects.select_for_update().filter(public_id=complaint).first()
        if row is None:
            raise Missing("There is no such complaint. Load the page again.")
        if row.answered_at is not None:
            raise NotNow("This complaint was answered already.")
        row.answered_at, row.answered_by, row.end, row.answer = now, actor.public_id, end, answer[:LONGEST_LETTER]
        row.save(update_fields=["answered_at", "answered_by", "end", "answer"])
        subject = row.public_id
        detail = {"reason": end.value}
        record(actor=actor.public_id, action="complaint_answered", subject=subject, now=now, detail={**detail})
        if end is ComplaintEnd.UPHELD:
            _stop(row, now)
    return row


def _stop(complaint: Complaint, now: datetime) -> None:
    keys = {complaint.removal_id} if complaint.removal_id else set()
    if complaint.notice_id:
        keys |= set(Told.objects.filter(notice=complaint.notice_id).values_list("removal_id", flat=True))
    stopped = Removal.objects.filter(pk__in=keys)
    stopped.update(state=RemovalState.STOPPED, sentence=STOPPED, next_check_at=None)
    if keys:
        publish(ComplaintsUpheld(ids=tuple(sorted(key for key in keys if key))), now=now)
