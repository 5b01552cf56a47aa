"""Somebody looks after a flag for victim identification."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.assessment.models import VictimFlag
from openhotline.assessment.policies import check_answers_complaints
from openhotline.audit.services.record import record
from openhotline.core.errors import NotNow


def note_flag_seen(*, flag: str, actor: Person, now: datetime) -> VictimFlag:
    """Note that this person now looks after a flag (by outside id). Raises NotAllowed, and NotNow when it is taken."""
    check_answers_complaints(actor)
    with transaction.atomic():
        row = VictimFlag.objects.select_for_update().filter(public_id=flag, seen_at=None, ended_at=None).first()
        if row is None:
            raise NotNow("Somebody looks after this already, or the opinion was taken back. Load the page again.")
        row.seen_by, row.seen_at = actor.public_id, now
        row.save(update_fields=["seen_by", "seen_at"])
        record(actor=actor.public_id, action="victim_flag_seen", subject=row.public_id, now=now)
    return row
