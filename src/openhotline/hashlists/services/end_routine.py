"""A list is released by the clock no more: one person is enough to stop it."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.hashlists.models import Routine
from openhotline.hashlists.policies import check_keeps_lists
from openhotline.hashlists.states import RoutineState, SealedKind


def end_routine(*, kind: SealedKind, actor: Person, now: datetime) -> int:
    """End what runs or waits of this list; return how many. Raises NotAllowed."""
    check_keeps_lists(actor)
    with transaction.atomic():
        rows = list(Routine.objects.select_for_update().filter(kind=kind).exclude(state=RoutineState.ENDED))
        for row in rows:
            row.state, row.ended_at = RoutineState.ENDED, now
            row.save(update_fields=["state", "ended_at"])
            record(actor=actor.public_id, action="routine_ended", subject=row.public_id, now=now)
    return len(rows)
