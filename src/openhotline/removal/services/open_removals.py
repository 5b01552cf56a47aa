"""Step 8 begins: addresses of confirmed items are to be taken down."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.intake.models import Address
from openhotline.removal.events import RemovalsOpened
from openhotline.removal.models import Removal
from openhotline.removal.policies import TAKE_UP_AFTER


def open_removals(*, address_ids: Sequence[int], actor: str, now: datetime) -> int:
    """Open a removal for each address (at most 500) that has none; return how many were new."""
    with transaction.atomic():
        known = set(Removal.objects.filter(address__in=address_ids).values_list("address_id", flat=True))
        wanted = sorted(set(address_ids) - known)
        seen = dict(Address.objects.filter(pk__in=wanted).values_list("pk", "first_seen_at"))
        rows = [
            Removal(address_id=key, reported_at=seen.get(key), opened_at=now, next_check_at=now + TAKE_UP_AFTER)
            for key in wanted
        ]
        Removal.objects.bulk_create(rows, ignore_conflicts=True)
        opened = list(Removal.objects.filter(address__in=wanted).order_by("pk").values_list("pk", flat=True))
        if opened:
            record(actor=actor, action="removals_opened", subject="removals", ids=opened, now=now)
            publish(RemovalsOpened(ids=tuple(opened)), now=now)
    return len(opened)
