"""Have triaged items judged again, in steps of 500."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.triage.events import ItemsCalledUp


def call_up(*, items: Sequence[int], actor: str, now: datetime) -> int:
    """Announce that what is known of these items has changed, 500 an event; return how many."""
    if not items:
        return 0
    with transaction.atomic():
        publish(ItemsCalledUp(ids=tuple(items)), now=now)
        record(actor=actor, action="items_called_up", subject="items", detail={"items": len(items)}, now=now)
    return len(items)
