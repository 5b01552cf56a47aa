"""Step 7: decided items become entries of our own list."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.hashlists.events import EntriesListed
from openhotline.hashlists.models import Entry, Listable
from openhotline.hashlists.policies import ai_involvement_of, confirms_anew, may_be_listed, real_child_of
from openhotline.hashlists.states import EntryState


def list_items(*, listables: Sequence[Listable], actor: str, now: datetime) -> list[Entry]:
    """List those items (at most 500 at a time) whose own outcome is criminal imagery; return the new entries.

    An item that has an active entry is left alone, so a second delivery changes nothing. One whose entry was withdrawn
    is listed again when people decided anew after that, as a new entry: the old one stays withdrawn, and its tombstone
    stays true. Like any, it goes out with a release that two people sign.
    """
    offered = {one.item_id: one for one in listables if may_be_listed(one)}
    with transaction.atomic():
        withdrawn = _withdrawn(list(offered))
        rows = [_entry(one, now) for one in offered.values() if confirms_anew(one, withdrawn.get(one.item_id))]
        names = [row.public_id for row in rows]
        Entry.objects.bulk_create(rows, ignore_conflicts=True)
        # Read back: what was there before stands, and only what is new is announced.
        new = list(Entry.objects.filter(public_id__in=names).order_by("pk"))
        if new:
            record(actor=actor, action="entries_listed", subject="entries", ids=[e.public_id for e in new], now=now)
            publish(EntriesListed(ids=tuple(entry.pk for entry in new)), now=now)
    return new


def _withdrawn(items: Sequence[int]) -> dict[int, datetime]:
    """Return item key -> when its last entry was withdrawn, with the entries locked; items with none are left out."""
    rows = Entry.objects.select_for_update().filter(item__in=items, state=EntryState.WITHDRAWN)
    moments = rows.order_by("withdrawn_at").values_list("item_id", "withdrawn_at")
    return {item: at for item, at in moments if at is not None}


def _entry(listable: Listable, now: datetime) -> Entry:
    return Entry(
        item_id=listable.item_id,
        ai_involvement=ai_involvement_of(listable),
        real_child=real_child_of(listable),
        jurisdiction=listable.jurisdiction,
        outcome=listable.outcome,
        category=listable.category,
        provision=listable.provision,
        elsewhere=[asdict(one) for one in listable.elsewhere],
        consensus=listable.consensus,
        listed_at=now,
    )
