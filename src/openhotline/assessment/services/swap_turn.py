"""An analyst wants another picture now, without a reason."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.assessment.models import Turn
from openhotline.assessment.policies import PUT_OFF, check_holds
from openhotline.assessment.states import TurnState
from openhotline.audit.services.record import record


def swap_turn(*, turn_id: int, actor: Person, now: datetime) -> None:
    """Give a turn back to the queue; for an hour it does not come to this person. Raises TurnMissing or TurnOver."""
    with transaction.atomic():
        turn = check_holds(Turn.objects.select_for_update().filter(pk=turn_id).first(), actor.public_id, now)
        turn.state, turn.person, turn.locked_until = TurnState.WAITING, "", None
        turn.reserved_for, turn.reserved_until = "", None
        turn.put_off = {**(turn.put_off or {}), actor.public_id: (now + PUT_OFF).isoformat()}
        turn.save(update_fields=["state", "person", "locked_until", "reserved_for", "reserved_until", "put_off"])
        # Who swapped stays out of the log, as with skipping: it is free and nobody's figure.
        record(actor="somebody", action="turn_swapped", subject=turn.item.public_id, now=now)
