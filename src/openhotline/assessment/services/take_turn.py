"""An analyst takes the next turn of the queue."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.accounts.policies import check_can_assess
from openhotline.assessment.models import Turn
from openhotline.assessment.policies import LOCK
from openhotline.assessment.services.choosing import next_turns
from openhotline.assessment.states import TurnState
from openhotline.audit.services.record import record
from openhotline.exposure.queries import check_may_look_now


def take_turn(*, actor: Person, now: datetime) -> Turn | None:
    """Return the turn this person holds, or lock the first that is theirs to take for ten minutes; None when none is.

    Nobody gives two opinions on one item, and what somebody skipped does not come back to them. Raises NotNow in a
    break, when the day's budget is spent and at the end of a shift: it pauses the queue in every tab and on every
    machine, since it is asked here and not on the page. What is held already may still be decided.
    """
    check_can_assess(actor, now)
    with transaction.atomic():
        held = Turn.objects.filter(person=actor.public_id, state=TurnState.LOCKED, locked_until__gt=now).first()
        if held is not None:
            return held
        check_may_look_now(actor.public_id, now)
        turn = next(iter(next_turns(actor, now, 1)), None)
        if turn is None:
            return None
        turn.state, turn.person, turn.locked_until = TurnState.LOCKED, actor.public_id, now + LOCK
        turn.reserved_for, turn.reserved_until = "", None
        turn.save(update_fields=["state", "person", "locked_until", "reserved_for", "reserved_until"])
        record(
            actor=actor.public_id,
            action="turn_taken",
            subject=turn.item.public_id,
            detail={"opinion": turn.opinion},
            now=now,
        )
    return turn
