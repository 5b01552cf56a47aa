"""Objects and data keys that no row names are removed once they are old."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core import blobs
from openhotline.core.datakeys import data_keys
from openhotline.evidence.models import Item

OLD = timedelta(days=1)
"""Between key and row lie seconds; a day leaves no doubt that the writer is gone."""
BATCH = 500

log = logging.getLogger("openhotline.evidence")


def part_due(now: datetime) -> int:
    """Return the part of the store that is looked at in this minute: all of them in some seventeen hours."""
    return int(now.timestamp() // 60) % blobs.FOLDERS


def collect_orphans(*, parts: Iterable[int], actor: str, now: datetime, older_than: timedelta = OLD) -> int:
    """Remove what an interrupted sealing left in these parts of the store; return how many objects and keys.

    The age is told by the machine's clock, as files have it: practice moves its own by days. Nothing is removed
    where the database names fewer than half of all keys: then it is not the database of this store.
    """
    seconds = older_than.total_seconds()
    store, keys = blobs.store(), data_keys()
    # A file left aside by a writer has a name that no row can have.
    objects = _unnamed(name for part in parts for name in store.aged(part, seconds=seconds))
    orphans = _unnamed(name for part in parts for name in keys.aged(blobs.part_name(part), seconds=seconds))
    if not objects and not orphans:
        return 0
    if 2 * Item.objects.count() < keys.count():
        log.error(
            "orphans were left: the database names fewer than half of the keys in the store. Is it the right one?"
        )
        return 0
    gone = store.remove(objects) + keys.forget(orphans)
    with transaction.atomic():
        record(actor=actor, action="orphans_collected", subject="store", now=now, detail={"removed": gone})
    return gone


def _unnamed(found: Iterable[str]) -> list[str]:
    """Return the names that no item has."""
    names = list(found)
    named: set[str] = set()
    for start in range(0, len(names), BATCH):
        some = names[start : start + BATCH]
        named |= set(Item.objects.filter(public_id__in=some).values_list("public_id", flat=True))
    return [name for name in names if name not in named]
