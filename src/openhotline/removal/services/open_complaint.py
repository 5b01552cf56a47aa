"""Somebody says that something is wrongly to be taken down: a clock begins, and a person answers."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.core.errors import Missing, NotNow
from openhotline.removal.models import Complaint, Notice, Removal
from openhotline.removal.policies import ANSWER_COMPLAINT_WITHIN, LONGEST_LETTER, check_keeps_removals


def open_complaint(*, about: str, text: str, actor: Person, now: datetime) -> Complaint:
    """Keep a complaint that came by letter or telephone, about a notice or an address (an outside id).

    While it is open nobody is chased about it. Raises NotAllowed, Missing, NotNow.
    """
    check_keeps_removals(actor)
    if not text.strip():
        raise NotNow("Write down what was said. Nothing was kept.")
    with transaction.atomic():
        notice = Notice.objects.filter(public_id=about).first()
        removal = Removal.objects.filter(address__public_id=about).first()
        if notice is None and removal is None:
            raise Missing("There is no notice and no removal with this reference. It begins with ntc_ or adr_.")
        complaint = Complaint.objects.create(
            notice=notice,
            removal=removal,
            text=text[:LONGEST_LETTER],
            received_at=now,
            answer_by=now + ANSWER_COMPLAINT_WITHIN,
        )
        record(actor=actor.public_id, action="complaint_opened", subject=complaint.public_id, now=now)
    return complaint
