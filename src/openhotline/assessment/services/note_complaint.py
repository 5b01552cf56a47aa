"""Somebody says that the hotline was wrong; what they complain of is decided again."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.assessment.models import Complaint
from openhotline.assessment.policies import check_said
from openhotline.assessment.queries.reviews import items_behind, open_reassessment_on
from openhotline.assessment.services.ask_reassessment import ask_reassessment
from openhotline.assessment.states import Complainer, Source
from openhotline.audit.services.record import record


def note_complaint(*, source: Complainer, what: str, about: str, actor: Person, now: datetime) -> Complaint:
    """Write a complaint into the log, and put in question what it is about.

    ``about`` is the outside id of a decision (``dec_…``) or a report (``rep_…``), or empty for what concerns neither.
    ``what`` is sealed. Raises NotNow for an id that names no decided thing, or a text that is empty or too long.
    """
    said = check_said(what)
    items = items_behind(about)
    with transaction.atomic():
        asked = ask_reassessment(item_ids=items, source=Source.COMPLAINT, actor=actor.public_id, now=now)
        row = Complaint.objects.create(
            source=source,
            what=said,
            reassessment=open_reassessment_on(items),
            received_at=now,
            received_by=actor.public_id,
        )
        record(
            actor=actor.public_id,
            action="complaint_noted",
            subject=row.public_id,
            detail={"source": str(source), "new": len(asked)},
            now=now,
        )
    return row
