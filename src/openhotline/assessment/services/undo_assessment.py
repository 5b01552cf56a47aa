"""An analyst takes back what they have just recorded."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.assessment.errors import TooLateToUndo
from openhotline.assessment.models import Assessment, Decision, Turn, VictimFlag
from openhotline.assessment.policies import LOCK, check_can_undo
from openhotline.assessment.states import DecisionState, Opinion, TurnState
from openhotline.audit.services.record import record

FOLLOWS = {Opinion.FIRST: Opinion.SECOND, Opinion.SECOND: Opinion.THIRD}


def undo_assessment(*, assessment_id: int, actor: Person, now: datetime) -> Turn:
    """Undo one's own assessment within the window and hold its turn again. Raises TooLateToUndo."""
    window = timedelta(seconds=settings.UNDO_SECONDS)
    with transaction.atomic():
        row = Assessment.objects.select_for_update().filter(pk=assessment_id).first()
        assessment = check_can_undo(row, actor.public_id, window, now)
        _withdraw_what_followed(assessment)
        assessment.undone_at = now
        assessment.save(update_fields=["undone_at"])
        VictimFlag.objects.filter(assessment=assessment, seen_at=None).update(ended_at=now)
        Turn.objects.filter(person=actor.public_id, state=TurnState.LOCKED).update(
            state=TurnState.WAITING, person="", locked_until=None
        )
        turn = Turn.objects.get(item=assessment.item, opinion=assessment.opinion)
        turn.state, turn.person, turn.locked_until = TurnState.LOCKED, actor.public_id, now + LOCK
        turn.save(update_fields=["state", "person", "locked_until"])
        record(actor=actor.public_id, action="assessment_undone", subject=assessment.public_id, now=now)
    return turn


def _withdraw_what_followed(assessment: Assessment) -> None:
    mine = Decision.objects.filter(item=assessment.item, made_at__gte=assessment.made_at)
    if mine.filter(state=DecisionState.PUBLISHED).exists():
        raise TooLateToUndo("The decision was published. Ask for a correction on the page Your decisions.")
    decision = mine.filter(state=DecisionState.PROVISIONAL).first()
    if decision is not None:
        decision.state = DecisionState.UNDONE
        decision.save(update_fields=["state"])
    asked = FOLLOWS.get(Opinion(assessment.opinion))
    further = Turn.objects.filter(item=assessment.item, opinion=asked).first() if asked else None
    if further is not None and further.state != TurnState.WAITING:
        raise TooLateToUndo("Another analyst has already begun the next opinion. Ask a senior for a correction.")
    if further is not None:
        further.delete()
