"""Whether an entry's addresses still answer: found out by removal, pushed down by the journey."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.hashlists.models import Entry


def set_live(*, item_ids: Sequence[int], live: bool, actor: str, now: datetime) -> int:
    """Keep for the entries of these items whether an address still shows them; return how many changed."""
    with transaction.atomic():
        stale = Entry.objects.select_for_update().filter(item_id__in=item_ids)
        changed = [row for row in stale.only("pk", "public_id", "address_live") if row.address_live is not live]
        if changed:
            Entry.objects.filter(pk__in=[row.pk for row in changed]).update(address_live=live)
            names = [row.public_id for row in changed]
            record(actor=actor, action="entries_live_set", subject="entries", ids=names, now=now, detail={"live": live})
    return len(changed)
