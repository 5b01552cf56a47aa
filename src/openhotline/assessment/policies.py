"""Rules of assessment: free of database, HTTP and clock."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from openhotline.accounts.models import Person
from openhotline.accounts.states import Role
from openhotline.assessment.errors import TooLateToUndo, TurnMissing, TurnOver
from openhotline.assessment.models import Assessment, Turn
from openhotline.assessment.models.second_opinion import SecondOpinionRule
from openhotline.assessment.states import TurnState
from openhotline.core.errors import NotAllowed
from openhotline.law.models import Facts, Outcome

LOCK = timedelta(minutes=10)
REDERIVERS = frozenset({Role.OPERATOR, Role.SENIOR, Role.MANAGER})


def check_holds(turn: Turn | None, person: str, now: datetime) -> Turn:
    """Return the turn if this person holds it now. Raises TurnOver, and TurnMissing where it is not theirs."""
    if turn is None or turn.person != person:
        raise TurnMissing("This turn is not yours, or not any more. Take the next one from the queue.")
    if turn.state != TurnState.LOCKED or turn.locked_until is None or turn.locked_until <= now:
        raise TurnOver("This turn is over: it was decided, or its ten minutes ran out. Take the next one.")
    return turn


def second_asked_by(
    rules: Sequence[SecondOpinionRule], facts: Facts, outcome: Outcome, draw: float
) -> SecondOpinionRule | None:
    """Return the rule by which a first opinion asks for a blind second one, or None. ``draw``: from 0 to below 1."""
    return next((one for one in rules if one.asks.holds(facts, outcome, draw)), None)


def agree(one: Outcome, other: Outcome) -> bool:
    """Two opinions agree when the law says the same of both: kind and letter."""
    return (one.kind, one.category) == (other.kind, other.category)


def spreads(outcome: Outcome) -> bool:
    """What was not determined does not spread to near duplicates: each is looked at."""
    return outcome.criminal is not None


def check_can_rederive(person: Person) -> None:
    """Raise NotAllowed unless the person's role lets changed law run over all decisions."""
    if Role(person.role) not in REDERIVERS:
        raise NotAllowed(
            f"A {person.role_name.lower()} does not derive outcomes again; an operator, senior analyst or manager does."
        )


def check_can_undo(assessment: Assessment | None, person: str, window: timedelta, now: datetime) -> Assessment:
    """Return the assessment if its author may still take it back. Raises TooLateToUndo."""
    if assessment is None or assessment.person != person or assessment.undone_at is not None:
        raise TooLateToUndo("There is nothing of yours here that can be undone.")
    if now > assessment.made_at + window:
        raise TooLateToUndo(
            f"It can no longer be undone: {int(window.total_seconds())} seconds have passed. "
            "Ask a senior analyst for a correction."
        )
    return assessment
