"""What two people approved begins: a list is released by the clock from now on."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.accounts.services.use_approval import use_approval
from openhotline.accounts.states import Purpose
from openhotline.audit.services.record import record
from openhotline.core.errors import NotNow
from openhotline.hashlists.models import Routine
from openhotline.hashlists.policies import check_keeps_lists
from openhotline.hashlists.states import ROUTINE_TRANSITIONS, RoutineState


def begin_routine(*, routine: Routine, actor: Person, now: datetime) -> Routine:
    """Begin exactly what was approved; the one before of this list ends. Twice is once.

    Raises NotAllowed, NotApproved, NotNow.
    """
    check_keeps_lists(actor)
    with transaction.atomic():
        row = Routine.objects.select_for_update().get(pk=routine.pk)
        if row.state == RoutineState.RUNNING:
            return row
        moves = ROUTINE_TRANSITIONS[RoutineState(row.state)]
        if "begin" not in moves or row.until <= now:
            raise NotNow("This was ended, or its time is over. Ask for it anew.")
        digest = row.manifest_sha256()
        use_approval(purpose=Purpose.ROUTINE, subject=row.public_id, manifest_sha256=digest, actor=actor, now=now)
        Routine.objects.filter(kind=row.kind, state=RoutineState.RUNNING).update(state=RoutineState.ENDED, ended_at=now)
        row.state, row.begun_at = moves["begin"], now
        row.save(update_fields=["state", "begun_at"])
        detail = {"manifest": digest}
        record(actor=actor.public_id, action="routine_begun", subject=row.public_id, now=now, detail={**detail})
    return row
