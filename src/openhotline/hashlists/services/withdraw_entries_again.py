"""After a restore: entries that had left the list since the backup leave it again."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.events import MOST_IDS, publish
from openhotline.hashlists.events import EntriesWithdrawn
from openhotline.hashlists.models import Dispute, Entry
from openhotline.hashlists.states import DisputeState, EntryState


def withdraw_entries_again(*, names: Sequence[str], actor: str, now: datetime) -> int:
    """Withdraw those of these entries (outside ids) that stand on the list here; return how many. Twice is once."""
    done = 0
    for start in range(0, len(names), MOST_IDS):
        with transaction.atomic():
            rows = Entry.objects.select_for_update().filter(
                public_id__in=names[start : start + MOST_IDS], state=EntryState.ACTIVE
            )
            there = dict(rows.order_by("pk").values_list("pk", "public_id"))
            if there:
                Entry.objects.filter(pk__in=there).update(state=EntryState.WITHDRAWN, withdrawn_at=now)
                Dispute.objects.filter(entry__in=there, state=DisputeState.OPEN).update(
                    state=DisputeState.WITHDRAWN, settled_at=now, settled_by=actor
                )
                record(actor=actor, action="entries_withdrawn_again", subject="entries", ids=[*there.values()], now=now)
                publish(EntriesWithdrawn(ids=tuple(there)), now=now)
            done += len(there)
    return done
