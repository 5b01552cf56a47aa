"""Reading the queue."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

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


@dataclass(frozen=True)
class AtHand:
    """What lets a person see an item: its outside id, and whether it is hard to look at."""

    item: str
    heavy: bool


def at_hand(person: str, item_id: int, now: datetime) -> AtHand | None:
    """Return of an item what the turn that this person holds on it says, if they hold one."""
    return _says(Turn.objects.filter(person=person, state=TurnState.LOCKED, locked_until__gt=now, item=item_id))


def reserved(person: str, item_id: int, now: datetime) -> AtHand | None:
    """Return of an item what the turn that is reserved for this person says, if one is."""
    return _says(
        Turn.objects.filter(state=TurnState.WAITING, reserved_for=person, item=item_id, reserved_until__gt=now)
    )


def _says(turns: QuerySet[Turn]) -> AtHand | None:
    # Two columns: the media door asks, which may read no others.
    found = turns.order_by("pk").values_list("item__public_id", "heavy").first()
    return AtHand(*found) if found else None
