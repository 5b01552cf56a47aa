"""An analyst passes a turn on, without a reason."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.assessment.models import Turn
from openhotline.assessment.policies import check_holds
from openhotline.assessment.states import TurnState
from openhotline.audit.services.record import record


def skip_turn(*, turn_id: int, actor: Person, now: datetime) -> None:
    """Give a turn back to the queue; it does not come to this person again. Raises TurnMissing or TurnOver."""
    with transaction.atomic():
        turn = check_holds(Turn.objects.select_for_update().filter(pk=turn_id).first(), actor.public_id, now)
        turn.state, turn.person, turn.locked_until = TurnState.WAITING, "", None
        turn.skipped_by = [*turn.skipped_by, actor.public_id]
        turn.save(update_fields=["state", "person", "locked_until", "skipped_by"])
        # Who skipped stays out of the log: skipping is free and nobody's figure.
        record(actor="somebody", action="turn_skipped", subject=turn.item.public_id, now=now)
