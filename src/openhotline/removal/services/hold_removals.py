"""A person holds removals for the police."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.removal.models import Hold, Removal
from openhotline.removal.policies import CHECK_EVERY, check_hours, check_keeps_removals, check_step
from openhotline.removal.states import BY_HAND


def hold_removals(*, ids: Sequence[int], hours: int, actor: Person, now: datetime) -> list[Hold]:
    """Hold removals (at most 500) for the police: no notice goes out until a person ends the hold.

    A notice that was made and has not gone out is taken back. Raises NotAllowed, NotNow.
    """
    check_keeps_removals(actor)
    length = check_hours(hours)
    with transaction.atomic():
        rows = list(Removal.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
        for row in rows:
            row.state = check_step(row.state, "hold")
            row.sentence, row.next_check_at = "Held for the police, as a person asked.", now + CHECK_EVERY
            if row.notice is not None and row.notice.sent_at is None:
                row.notice = None
        Removal.save_alike(rows, ["state", "sentence", "next_check_at", "notice_id"])
        holds = Hold.objects.bulk_create(
            Hold(removal=row, rule=BY_HAND, begun_at=now, runs_out_at=now + length) for row in rows
        )
        if rows:
            keys = [row.pk for row in rows]
            record(actor=actor.public_id, action="removals_held", subject="removals", ids=keys, now=now)
    return holds
