"""Reading the queue."""

from datetime import datetime

from openhotline.assessment.models import Turn
from openhotline.assessment.states import TurnState


def queue_length(most: int = 1000) -> int:
    """Return how many turns wait, counted up to ``most``."""
    return Turn.objects.filter(state=TurnState.WAITING)[:most].count()


def held_turn(person: str, now: datetime) -> Turn | None:
    """Return the turn that this person holds, with its item."""
    return (
        Turn.objects.select_related("item").filter(person=person, state=TurnState.LOCKED, locked_until__gt=now).first()
    )
