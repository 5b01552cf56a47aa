"""What we did with an address that another hotline handed to us."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.core.errors import Missing, NotNow
from openhotline.removal.models import HandedIn
from openhotline.removal.policies import check_keeps_removals, check_reason
from openhotline.removal.states import NEEDS_REASON, HandoverAction


def note_action(*, report: str, action: HandoverAction, reason: str, actor: Person, now: datetime) -> HandedIn:
    """Keep what we did last with the address of this report; ``actions_back`` tells them. The same again is once.

    Raises NotAllowed, Missing, and NotNow for a reason that is too long, holds an address, or lacks where there has to
    be one.
    """
    check_keeps_removals(actor)
    words = check_reason(reason)
    if action in NEEDS_REASON and not words:
        raise NotNow("Say why: they decide by the reason what becomes of the address. Nothing was kept.")
    with transaction.atomic():
        row = (
            HandedIn.objects.select_for_update(of=("self",))
            .select_related("handover")
            .filter(report__public_id=report)
            .first()
        )
        if row is None:
            raise Missing("No hotline handed this report to us. Load the page again.")
        if (row.action, row.reason) == (action, words):
            return row
        row.action, row.reason, row.acted_at, row.acted_by = action, words, now, actor.public_id
        row.save(update_fields=["action", "reason", "acted_at", "acted_by"])
        record(
            actor=actor.public_id,
            action="action_noted",
            subject=report,
            now=now,
            detail={"to": row.handover.public_id, "verdict": action.value},
        )
    return row
