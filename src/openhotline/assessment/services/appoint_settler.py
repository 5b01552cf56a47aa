"""A manager names who settles what nobody else is left to settle."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.assessment.models import Turn
from openhotline.assessment.policies import check_appoints, check_may_be_appointed
from openhotline.assessment.queries.unsettled import unsettled
from openhotline.audit.services.record import record


def appoint_settler(*, turn_id: int, person: str, actor: Person, now: datetime) -> Turn:
    """Give a third opinion or a review to one person (by outside id) who has given no opinion on its item.

    Raises NotAllowed, and NotNow when somebody can settle it already, or the person is none of those who may.
    """
    check_appoints(actor)
    with transaction.atomic():
        waits = next((one for one in unsettled(now) if one.turn.pk == turn_id), None)
        chosen = check_may_be_appointed(None if waits is None else waits.people, person)
        turn = Turn.objects.select_for_update().get(pk=turn_id)
        turn.appointed = chosen.public_id
        turn.reserved_for, turn.reserved_until = "", None
        turn.save(update_fields=["appointed", "reserved_for", "reserved_until"])
        record(
            actor=actor.public_id,
            action="settler_appointed",
            subject=turn.item.public_id,
            detail={"opinion": turn.opinion, "person": chosen.public_id},
            now=now,
        )
    return turn
