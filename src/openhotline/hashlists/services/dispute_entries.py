"""Entries are put in question: they stay on the list, and a person decides."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.hashlists.models import Dispute, Entry
from openhotline.hashlists.states import DisputeState, EntryState, WithdrawalReason


def dispute_entries(*, item_ids: Sequence[int], reason: WithdrawalReason, actor: str, now: datetime) -> list[Dispute]:
    """Put the active entries of these items (at most 500) in question; return what is new.

    An entry that is already in question for this reason is left alone, so a second delivery changes nothing.
    """
    with transaction.atomic():
        entries = Entry.objects.select_for_update().filter(item_id__in=item_ids, state=EntryState.ACTIVE).order_by("pk")
        open_ones = Dispute.objects.filter(entry__item_id__in=item_ids, reason=reason, state=DisputeState.OPEN)
        already = set(open_ones.values_list("entry_id", flat=True))
        fresh = [Dispute(entry=one, reason=reason, raised_at=now) for one in entries if one.pk not in already]
        Dispute.objects.bulk_create(fresh)
        if fresh:
            names = [one.entry.public_id for one in fresh]
            detail = {"reason": str(reason)}
            record(actor=actor, action="entries_disputed", subject="entries", ids=names, detail={**detail}, now=now)
    return fresh
