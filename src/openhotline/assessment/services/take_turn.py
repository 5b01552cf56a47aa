"""An analyst takes the next turn of the queue."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from openhotline.accounts.models import Person
from openhotline.accounts.policies import check_can_assess
from openhotline.accounts.states import Role
from openhotline.assessment.models import Assessment, Turn
from openhotline.assessment.policies import LOCK
from openhotline.assessment.states import Opinion, TurnState
from openhotline.audit.services.record import record

LOOK_AT = 50


def take_turn(*, actor: Person, now: datetime) -> Turn | None:
    """Return the turn this person holds, or lock the first that is theirs to take for ten minutes; None when none is.

    Nobody gives two opinions on one item, and what somebody skipped does not come back to them.
    """
    check_can_assess(actor, now)
    with transaction.atomic():
        held = Turn.objects.filter(person=actor.public_id, state=TurnState.LOCKED, locked_until__gt=now).first()
        if held is not None:
            return held
        skip_locked = connection.features.has_select_for_update_skip_locked
        rows = (
            Turn.objects.select_for_update(skip_locked=skip_locked, of=("self",) if skip_locked else ())
            .filter(state=TurnState.WAITING, opinion__in=_opinions(actor))
            .exclude(Exists(_mine(actor)))
            .order_by("-points", "pk")[:LOOK_AT]
        )
        turn = next((row for row in rows if actor.public_id not in row.skipped_by), None)
        if turn is None:
            return None
        turn.state, turn.person, turn.locked_until = TurnState.LOCKED, actor.public_id, now + LOCK
        turn.save(update_fields=["state", "person", "locked_until"])
        record(
            actor=actor.public_id,
            action="turn_taken",
            subject=turn.item.public_id,
            detail={"opinion": turn.opinion},
            now=now,
        )
    return turn


def _opinions(person: Person) -> list[str]:
    third = [Opinion.THIRD] if Role(person.role) == Role.SENIOR else []
    return [*third, Opinion.SECOND, Opinion.FIRST]


def _mine(person: Person) -> QuerySet[Assessment]:
    return Assessment.objects.filter(person=person.public_id, undone_at=None, item=OuterRef("item"))
