"""Disagreements and reviews that nobody is left to settle."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from openhotline.accounts.models import Person
from openhotline.accounts.queries import assessors
from openhotline.accounts.states import Role
from openhotline.assessment.models import Assessment, Turn
from openhotline.assessment.queries.second import settlers
from openhotline.assessment.states import SETTLING, TurnState

LOOK_AT = 200


@dataclass(frozen=True)
class Unsettled:
    """A turn, and who may be appointed to it: they assess, and have given no opinion on its item."""

    turn: Turn
    people: tuple[Person, ...]


def unsettled(now: datetime) -> list[Unsettled]:
    """Return the turns, oldest first, that wait though nobody can come to them by role, nor whoever was appointed."""
    waiting = Turn.objects.filter(state=TurnState.WAITING, opinion__in=SETTLING).select_related("item")
    turns = list(waiting.order_by("queued_at", "pk")[:LOOK_AT])
    people, roles = assessors(now), settlers()
    given = _given(turns)
    found = [Unsettled(one, tuple(who for who in people if _free(who, one, given))) for one in turns]
    return [one for one in found if not any(_comes(who, one.turn, roles) for who in one.people)]


def _given(turns: Sequence[Turn]) -> set[tuple[int, str]]:
    rows = Assessment.objects.filter(item__in=[one.item_id for one in turns], undone_at=None)
    return set(rows.values_list("item_id", "person"))


def _free(person: Person, turn: Turn, given: set[tuple[int, str]]) -> bool:
    return (turn.item_id, person.public_id) not in given and person.public_id not in turn.skipped_by


def _comes(person: Person, turn: Turn, roles: frozenset[Role]) -> bool:
    return person.public_id == turn.appointed if turn.appointed else Role(person.role) in roles
