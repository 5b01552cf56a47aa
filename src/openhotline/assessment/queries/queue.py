"""Reading the queue."""

from datetime import datetime

from openhotline.assessment.models import Assessment, Turn
from openhotline.assessment.states import Opinion, TurnState
from openhotline.law.models import Facts


def queue_length(most: int = 1000) -> int:
    """Return how many turns wait, counted up to ``most``."""
    return Turn.objects.filter(state=TurnState.WAITING)[:most].count()


def earlier_opinions(turn: Turn) -> list[Facts]:
    """Return what the two people recorded between whom this third opinion decides, in their order; else nothing.

    A first and a second opinion are blind: nothing is shown to them, not even that there is anything.
    """
    if turn.opinion != Opinion.THIRD:
        return []
    rows = Assessment.objects.filter(item=turn.item, undone_at=None).exclude(opinion=Opinion.THIRD).order_by("pk")
    return [Facts.from_dict(one.facts) for one in rows]


def held_turn(person: str, now: datetime) -> Turn | None:
    """Return the turn that this person holds, with its item."""
    return (
        Turn.objects.select_related("item").filter(person=person, state=TurnState.LOCKED, locked_until__gt=now).first()
    )
