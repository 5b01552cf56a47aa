"""Turns whose ten minutes ran out go back to the queue."""

from datetime import datetime

from django.db import transaction

from openhotline.assessment.models import Turn
from openhotline.assessment.states import TurnState
from openhotline.audit.services.record import record


def free_turns(*, actor: str, now: datetime, limit: int = 500) -> int:
    """Unlock turns that nobody decided in time; return how many."""
    with transaction.atomic():
        over = list(
            Turn.objects.filter(state=TurnState.LOCKED, locked_until__lte=now).values_list("pk", flat=True)[:limit]
        )
        if over:
            Turn.objects.filter(pk__in=over).update(state=TurnState.WAITING, person="", locked_until=None)
            record(actor=actor, action="turns_freed", subject="turns", ids=over, now=now)
    return len(over)
