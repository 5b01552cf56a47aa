"""What a later stage learned of addresses is kept here, and shown nowhere outside."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.intake.models import Address
from openhotline.intake.states import Standing


def set_standing(
    *, address_ids: Sequence[int], standing: Standing, now: datetime, actor: str = "step:set_standing"
) -> int:
    """Set the standing of addresses; return how many had another. Nothing is announced."""
    with transaction.atomic():
        others = Address.objects.select_for_update().filter(pk__in=address_ids).exclude(standing=standing)
        changed = sorted(others.values_list("pk", flat=True))
        if changed:
            Address.objects.filter(pk__in=changed).update(standing=standing)
            record(
                actor=actor,
                action="standing_set",
                subject="addresses",
                now=now,
                ids=changed,
                detail={"standing": standing},
            )
    return len(changed)
