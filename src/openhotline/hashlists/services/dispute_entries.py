"""Entries are put in question: they stay on the list, and a person decides."""

from collections.abc import Iterable, Sequence
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
        return _put_in_question(entries, reason, actor, now)


def dispute_given(*, entries: Sequence[int], actor: str, now: datetime) -> list[Dispute]:
    """Put those active entries (at most 500, by key) in question that a partner's list gave, as a member disputes them.

    There is no picture here to decide on: who keeps the list asks who gave it. Otherwise as `dispute_entries`.
    """
    with transaction.atomic():
        rows = Entry.objects.filter(pk__in=entries, given_by__isnull=False, state=EntryState.ACTIVE)
        return _put_in_question(rows.select_for_update().order_by("pk"), WithdrawalReason.FEEDBACK, actor, now)


def _put_in_question(entries: Iterable[Entry], reason: WithdrawalReason, actor: str, now: datetime) -> list[Dispute]:
    rows = list(entries)
    open_ones = Dispute.objects.filter(entry__in=[one.pk for one in rows], reason=reason, state=DisputeState.OPEN)
    already = set(open_ones.values_list("entry_id", flat=True))
    fresh = [Dispute(entry=one, reason=reason, raised_at=now) for one in rows if one.pk not in already]
    Dispute.objects.bulk_create(fresh)
    if fresh:
        names = [one.entry.public_id for one in fresh]
        detail = {"reason": str(reason)}
        record(actor=actor, action="entries_disputed", subject="entries", ids=names, detail={**detail}, now=now)
    return fresh
