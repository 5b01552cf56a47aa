"""A note of an earlier shift is done with."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.assessment.models import HandoverNote
from openhotline.audit.services.record import record
from openhotline.core.errors import NotNow


def end_handover(*, note: str, actor: Person, now: datetime) -> HandoverNote:
    """Take a note (by outside id) away from its queue; the row stays. Raises NotNow when it is gone already."""
    with transaction.atomic():
        row = HandoverNote.objects.select_for_update().filter(public_id=note, ended_at=None).first()
        if row is None:
            raise NotNow("This note was taken away meanwhile. Load the page again.")
        row.ended_by, row.ended_at = actor.public_id, now
        row.save(update_fields=["ended_by", "ended_at"])
        record(actor=actor.public_id, action="handover_ended", subject=row.public_id, now=now)
    return row
