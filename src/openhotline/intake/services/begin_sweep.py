"""A sweep that two people agreed on begins."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.accounts.services.use_approval import use_approval
from openhotline.accounts.states import Purpose
from openhotline.audit.services.record import record
from openhotline.intake.models import Sweep
from openhotline.intake.policies import check_keeps_sweeps, check_sweep_holds, check_sweep_move


def begin_sweep(*, sweep_id: int, actor: Person, now: datetime) -> Sweep:
    """Make every page due. Raises NotAllowed, NotApproved, NotNow, and AuthorityMissing once its time is over."""
    check_keeps_sweeps(actor)
    with transaction.atomic():
        sweep = Sweep.objects.select_for_update().get(pk=sweep_id)
        sweep.state = check_sweep_move(sweep, "begin_sweep")
        check_sweep_holds(sweep, now)
        digest = sweep.manifest_sha256()
        use_approval(purpose=Purpose.SWEEP, subject=sweep.public_id, manifest_sha256=digest, actor=actor, now=now)
        sweep.begun_at = now
        sweep.save(update_fields=["state", "begun_at"])
        pages = sweep.pages.update(due_at=now)
        record(
            actor=actor.public_id,
            action="sweep_begun",
            subject=sweep.public_id,
            now=now,
            detail={"addresses": pages, "manifest": digest},
        )
    return sweep
