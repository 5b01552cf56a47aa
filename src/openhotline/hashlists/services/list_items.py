"""Step 7: decided items become entries of our own list."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.hashlists.events import EntriesListed
from openhotline.hashlists.models import Entry, Listable
from openhotline.hashlists.policies import ai_involvement_of, may_be_listed, real_child_of


def list_items(*, listables: Sequence[Listable], actor: str, now: datetime) -> list[Entry]:
    """List those items (at most 500 at a time) whose own outcome is criminal imagery; return the new entries.

    An item that has an entry, active or withdrawn, is left alone, so a second delivery changes nothing.
    """
    rows = [_entry(one, now) for one in {one.item_id: one for one in listables if may_be_listed(one)}.values()]
    names = [row.public_id for row in rows]
    with transaction.atomic():
        Entry.objects.bulk_create(rows, ignore_conflicts=True)
        # Read back: what was there before stands, and only what is new is announced.
        new = list(Entry.objects.filter(public_id__in=names).order_by("pk"))
        if new:
            record(actor=actor, action="entries_listed", subject="entries", ids=[e.public_id for e in new], now=now)
            publish(EntriesListed(ids=tuple(entry.pk for entry in new)), now=now)
    return new


def _entry(listable: Listable, now: datetime) -> Entry:
    return Entry(
        item_id=listable.item_id,
        ai_involvement=ai_involvement_of(listable),
        real_child=real_child_of(listable),
        jurisdiction=listable.jurisdiction,
        outcome=listable.outcome,
        category=listable.category,
        provision=listable.provision,
        consensus=listable.consensus,
        listed_at=now,
    )
