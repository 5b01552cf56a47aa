"""Entries that a partner's exploitative list gave leave the list; the next release carries their tombstones."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.hashlists.events import EntriesWithdrawn
from openhotline.hashlists.models import Dispute, Entry, GivenHash
from openhotline.hashlists.states import DisputeState, EntryState, WithdrawalReason


def withdraw_given(*, entries: Sequence[Entry], reason: WithdrawalReason, actor: str, now: datetime) -> int:
    """Withdraw those of these entries (at most 500) that are active and were given; return how many.

    Matches against them stop at once, and their hashes are forgotten: they are their owner's. Twice is once. What
    people here assessed is left alone: people withdraw that.
    """
    with transaction.atomic():
        mine = Entry.objects.filter(pk__in=[one.pk for one in entries], given_by__isnull=False, state=EntryState.ACTIVE)
        rows = list(mine.select_for_update().order_by("pk"))
        keys = [one.pk for one in rows]
        if not rows:
            return 0
        Entry.objects.filter(pk__in=keys).update(state=EntryState.WITHDRAWN, withdrawn_at=now)
        GivenHash.objects.filter(entry__in=keys).delete()
        # What was in question is settled with it.
        Dispute.objects.filter(entry__in=keys, state=DisputeState.OPEN).update(
            state=DisputeState.WITHDRAWN, settled_at=now, settled_by=actor
        )
        names = [one.public_id for one in rows]
        detail = {"reason": str(WithdrawalReason(reason))}
        record(actor=actor, action="entries_withdrawn", subject="entries", ids=names, now=now, detail={**detail})
        publish(EntriesWithdrawn(ids=tuple(keys)), now=now)
    return len(rows)
