"""Somebody decides that drafted words are not sent."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.referral.errors import NotReferable
from openhotline.referral.models import UrgentDraft
from openhotline.referral.policies import check_can_refer
from openhotline.referral.states import UrgentDraftState


def leave_urgent(*, draft: str, actor: Person, now: datetime) -> UrgentDraft:
    """Leave a draft (by outside id) unsent; it and who left it are kept.

    Raises NotAllowed, and NotReferable when it was settled before.
    """
    check_can_refer(actor)
    with transaction.atomic():
        row = UrgentDraft.objects.select_for_update().filter(public_id=draft, state=UrgentDraftState.DRAFTED).first()
        if row is None:
            raise NotReferable("This draft was sent or left meanwhile. Load the page again.")
        row.state, row.settled_at, row.settled_by = UrgentDraftState.LEFT, now, actor.public_id
        row.save(update_fields=["state", "settled_at", "settled_by"])
        record(actor=actor.public_id, action="urgent_draft_left", subject=row.public_id, now=now)
    return row
