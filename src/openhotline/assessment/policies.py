"""Rules of assessment: free of database, HTTP and clock."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from openhotline.accounts.models import Person
from openhotline.accounts.states import Permission, Role
from openhotline.assessment.errors import NotSeen, TooLateToUndo, TurnMissing, TurnOver
from openhotline.assessment.models import Assessment, Turn
from openhotline.assessment.models.second_opinion import SecondOpinionRule
from openhotline.assessment.states import Opinion, TurnState
from openhotline.core.errors import NotAllowed, NotNow
from openhotline.exposure.models import View
from openhotline.law.models import Facts, Outcome
from openhotline.law.states import ContentKind, DepictsChild

BY_WORDS = frozenset({ContentKind.TEXT, ContentKind.GUIDE, ContentKind.AI_MODEL_OR_TOOL, ContentKind.LIVE_LINK})
LOCK = timedelta(minutes=10)
PUT_OFF = timedelta(hours=1)
# How many turns are reserved ahead for whoever is at work, and for how long if they do not take them.
AHEAD = 3
RESERVED = timedelta(minutes=5)
LONGEST_NOTE = 1_000
ONE_GOLDEN_IN = 100
MOST_GOLDEN = 5
REDERIVERS = frozenset({Role.OPERATOR, Role.SENIOR, Role.MANAGER})


def check_holds(turn: Turn | None, person: str, now: datetime) -> Turn:
    """Return the turn if this person holds it now. Raises TurnOver, and TurnMissing where it is not theirs."""
    if turn is None or turn.person != person:
        raise TurnMissing("This turn is not yours, or not any more. Take the next one from the queue.")
    if turn.state != TurnState.LOCKED or turn.locked_until is None or turn.locked_until <= now:
        raise TurnOver("This turn is over: it was decided, or its ten minutes ran out. Take the next one.")
    return turn


def check_seen(facts: Facts, shown: Collection[str]) -> None:
    """Raise NotSeen for facts that rest on a look the person did not have. ``shown``: the kinds of View they had.

    What its words decide (a text, a guide, an AI model or tool, a live link) needs no look. That no child is shown may
    be said of the blurred tile, as on a sorting sheet. Whatever else is said of a picture, or of what nobody says it
    is, rests on the picture itself: blurred and small it tells neither an age nor a letter.
    """
    if facts.content_kind in BY_WORDS or View.REVEAL in shown:
        return
    if View.GLIMPSE not in shown:
        raise NotSeen(
            "You were not shown this picture, so you cannot decide on it: the media door did not answer, or a break "
            "is due. Nothing is lost. What you filled in is still on the page; if this is a text, a guide, an AI model "
            "or tool, or a live link, say so and decide by its words. Otherwise try the picture again, or swap it for "
            "another."
        )
    if facts.depicts_child != DepictsChild.NO:
        raise NotSeen(
            "You saw this picture blurred only. That is enough to say that no child is shown, and for nothing else. "
            "Nothing is lost, and what you filled in is still on the page: hold the key to see the picture, or swap it "
            "for another."
        )


def free_for(turn: Turn, person: str, now: datetime) -> bool:
    """Say whether a person neither skipped a turn, nor swapped it less than an hour ago."""
    until = (turn.put_off or {}).get(person)
    return person not in turn.skipped_by and (until is None or datetime.fromisoformat(until) <= now)


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


def check_note(text: str) -> str:
    """Return a text without blanks around it. Raises NotNow when it is longer than 1,000 characters."""
    said = text.strip()
    if len(said) > LONGEST_NOTE:
        raise NotNow(
            f"{len(said)} characters; a note has {LONGEST_NOTE} at most. Say what the next person has to know."
        )
    return said


def check_said(text: str) -> str:
    """Return a text that says something. Raises NotNow for an empty one, or one that is too long."""
    said = check_note(text)
    if not said:
        raise NotNow("Write something first.")
    return said


def check_answers_complaints(person: Person) -> None:
    """Raise NotAllowed unless the person's role answers complaints and looks after flags."""
    if not person.may(Permission.ANSWER_COMPLAINTS):
        raise NotAllowed(f"A {person.role_name.lower()} does not do this; a senior analyst or manager does.")


def check_appoints(person: Person) -> None:
    """Raise NotAllowed unless the person's role names who settles what nobody else is left to settle."""
    if not person.may(Permission.APPOINT):
        raise NotAllowed(f"A {person.role_name.lower()} appoints nobody; a manager does.")


def check_may_be_appointed(people: Sequence[Person] | None, person: str) -> Person:
    """Return the one of these people with this outside id. Raises NotNow; None: there is nothing to appoint for."""
    if people is None:
        raise NotNow("Somebody can settle this already, or has. Load the page again.")
    chosen = next((one for one in people if one.public_id == person), None)
    if chosen is None:
        raise NotNow("Choose one of the people named: they assess, and have given no opinion on this picture.")
    return chosen


def check_asks_for_correction(*, gave: bool, person: Person) -> None:
    """Raise NotAllowed unless a decision rests on this person's opinion too, or their role answers complaints."""
    if not gave and not person.may(Permission.ANSWER_COMPLAINTS):
        raise NotAllowed("Only who gave an opinion on it, a senior analyst or a manager asks for a correction.")


def golden_wanted(*, given: int, placed: int) -> int:
    """Return how many golden opinions to ask for: one for a hundred blind ones, five at a time at most."""
    return max(0, min(MOST_GOLDEN, given // ONE_GOLDEN_IN - placed))


def raises_flag(facts: Facts) -> bool:
    """Say whether facts call for victim identification at once: a picture of a real child that was altered."""
    return facts.to_dict()["ai_involvement"] == "real_picture_altered" and facts.to_dict()["real_child"] != "no"


def check_can_undo(assessment: Assessment | None, person: str, window: timedelta, now: datetime) -> Assessment:
    """Return the assessment if its author may still take it back. Raises TooLateToUndo."""
    if assessment is not None and assessment.opinion == Opinion.GOLDEN:
        raise TooLateToUndo("This was a check whose answer was known. It changed nothing, and is not taken back.")
    if assessment is None or assessment.person != person or assessment.undone_at is not None:
        raise TooLateToUndo("There is nothing of yours here that can be undone.")
    if now > assessment.made_at + window:
        raise TooLateToUndo(
            f"It can no longer be undone: {int(window.total_seconds())} seconds have passed. "
            "Ask a senior analyst for a correction."
        )
    return assessment
