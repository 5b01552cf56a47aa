"""Waiting turns take the place that triage gives their stacks now."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from openhotline.assessment.models import Turn
from openhotline.assessment.states import TurnState
from openhotline.audit.services.record import record


def reorder_turns(*, stacks: Sequence[int], actor: str, now: datetime) -> int:
    """Give the waiting turns of these stacks (at most 500) their stack's points; return how many moved."""
    with transaction.atomic():
        waiting = Turn.objects.select_for_update(of=("self",)).filter(
            state=TurnState.WAITING, item__stacked__stack__in=stacks
        )
        rows = list(waiting.select_related("item__stacked__stack").order_by("pk"))
        moved = [row for row in rows if row.points != row.item.stacked.stack.points]
        for row in moved:
            row.points = row.item.stacked.stack.points
        Turn.objects.bulk_update(moved, ["points"])
        if moved:
            record(actor=actor, action="turns_reordered", subject="turns", ids=[str(row.pk) for row in moved], now=now)
    return len(moved)
