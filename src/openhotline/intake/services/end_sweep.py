"""A sweep ends: nothing of it is fetched any more."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.intake.models import Sweep
from openhotline.intake.policies import check_keeps_sweeps, check_sweep_move


def end_sweep(*, sweep_id: int, actor: Person, now: datetime) -> Sweep:
    """End it at once; one person is enough to stop. What it found stays. Raises NotAllowed, NotNow."""
    check_keeps_sweeps(actor)
    with transaction.atomic():
        sweep = Sweep.objects.select_for_update().get(pk=sweep_id)
        sweep.state = check_sweep_move(sweep, "end_sweep")
        sweep.ended_at = now
        sweep.save(update_fields=["state", "ended_at"])
        sweep.pages.update(due_at=None)
        record(actor=actor.public_id, action="sweep_ended", subject=sweep.public_id, now=now)
    return sweep
