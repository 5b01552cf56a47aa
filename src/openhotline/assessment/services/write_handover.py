"""One shift tells the next something about a queue."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.assessment.models import HandoverNote
from openhotline.assessment.policies import check_said
from openhotline.assessment.states import Queue
from openhotline.audit.services.record import record


def write_handover(*, queue: Queue, text: str, actor: Person, now: datetime) -> HandoverNote:
    """Leave a note on a queue. The text is sealed. Raises NotNow for nothing, or for more than 1,000 characters."""
    said = check_said(text)
    with transaction.atomic():
        note = HandoverNote.objects.create(queue=queue, text=said, written_by=actor.public_id, written_at=now)
        record(
            actor=actor.public_id,
            action="handover_written",
            subject=note.public_id,
            detail={"kind": str(queue)},
            now=now,
        )
    return note
