"""Later stages tell how many finds of a page were confirmed; a sweep visits it sooner by that."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.intake.models import SweptPage
from openhotline.intake.states import SweepState


def set_confirmed(*, counts: Mapping[int, int], actor: str, now: datetime) -> int:
    """Keep how many different items seen at addresses (primary keys) people confirmed; return how many changed.

    Addresses on no sweep are left out. A page's next visit comes forward if the rule says so, never into the past.
    """
    with transaction.atomic():
        pages = SweptPage.objects.select_for_update().select_related("sweep").filter(address__in=counts)
        changed = [page for page in pages.order_by("pk") if page.confirmed != counts[page.address_id]]
        for page in changed:
            page.confirmed = counts[page.address_id]
            if page.sweep.state == SweepState.RUNNING and page.last_at and page.due_at:
                page.due_at = min(page.due_at, max(now, page.last_at + page.wait))
        if changed:
            SweptPage.objects.bulk_update(changed, ["confirmed", "due_at"], batch_size=200)
            record(
                actor=actor,
                action="confirmed_finds_noted",
                subject="sweeps",
                now=now,
                detail={"addresses": len(changed)},
            )
    return len(changed)
