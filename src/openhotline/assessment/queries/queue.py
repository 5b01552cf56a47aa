"""Reading the queue."""

from dataclasses import dataclass
from datetime import datetime

from openhotline.assessment.models import Assessment, Turn
from openhotline.assessment.states import BLIND, ONE_AN_ITEM, Opinion, TurnState
from openhotline.law.models import Facts


def queue_length(most: int = 1000) -> int:
    """Return how many turns wait, counted up to ``most``."""
    return Turn.objects.filter(state=TurnState.WAITING)[:most].count()


@dataclass(frozen=True)
class Given:
    """What somebody recorded of an item: facts, and a note or an empty text."""

    facts: Facts
    note: str


def earlier_opinions(turn: Turn) -> list[Given]:
    """Return what was recorded before, in its order, for a third opinion and a review; else nothing.

    A first and a second opinion are blind: nothing is shown to them, not even that there is anything.
    """
    if turn.opinion not in {Opinion.THIRD, Opinion.REVIEW}:
        return []
    seen = BLIND if turn.opinion == Opinion.THIRD else ONE_AN_ITEM
    rows = Assessment.objects.filter(item=turn.item, undone_at=None, opinion__in=seen).order_by("pk")
    return [Given(Facts.from_dict(one.facts), one.note or "") for one in rows]


def held_turn(person: str, now: datetime) -> Turn | None:
    """Return the turn that this person holds, with its item."""
    return (
        Turn.objects.select_related("item").filter(person=person, state=TurnState.LOCKED, locked_until__gt=now).first()
    )


def reserved_turn(person: str, item_id: int, now: datetime) -> Turn | None:
    """Return the turn on an item that is reserved for this person, if one is."""
    rows = Turn.objects.select_related("item").filter(state=TurnState.WAITING, reserved_for=person)
    return rows.filter(item_id=item_id, reserved_until__gt=now).first()
