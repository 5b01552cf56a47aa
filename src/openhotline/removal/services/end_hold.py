"""A person ends a police hold, and notices go on."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.removal.events import RemovalsOpened
from openhotline.removal.models import Hold, Removal
from openhotline.removal.policies import check_keeps_removals, check_step
from openhotline.removal.queries.holding import running_hold
from openhotline.removal.states import HoldEnd


def end_hold(*, hold: int, end: HoldEnd, actor: Person, now: datetime) -> Hold:
    """End a hold: the host is asked about again and, if all stands, a notice goes out. Raises NotAllowed, Missing."""
    check_keeps_removals(actor)
    with transaction.atomic():
        row = running_hold(hold)
        row.ended_at, row.ended_by, row.end = now, actor.public_id, end
        row.save(update_fields=["ended_at", "ended_by", "end"])
        removal = Removal.objects.select_for_update().get(pk=row.removal_id)
        removal.state = check_step(removal.state, "release_hold")
        removal.sentence, removal.next_check_at = "", now
        removal.save(update_fields=["state", "sentence", "next_check_at"])
        name = removal.address.public_id
        record(actor=actor.public_id, action="hold_ended", subject=name, now=now, detail={"reason": end.value})
        publish(RemovalsOpened(ids=(removal.pk,)), now=now)
    return row
