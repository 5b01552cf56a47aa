"""Files are sealed before anything reads them; the same bytes become one item."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core import blobs, crypto, events, sealing
from openhotline.core.datakeys import data_keys
from openhotline.evidence.events import ItemsSealed, ItemsSeenAgain
from openhotline.evidence.models import Item, Sighting
from openhotline.evidence.queries import binds_original
from openhotline.intake.models import Address, Find, Report


@dataclass(frozen=True)
class SealableFile:
    """One file found: its bytes and where it was seen (primary keys). An address or a find is needed."""

    data: bytes
    address_id: int | None = None
    page_id: int | None = None
    find_id: int | None = None
    report_id: int | None = None

    def __post_init__(self) -> None:
        if self.address_id is None and self.find_id is None:
            raise ValueError("A file was found somewhere: give its address or its find.")

    @cached_property
    def sha256(self) -> str:
        """The digest, in hex. It takes about as long as the encryption, so it is worked out once."""
        return hashlib.sha256(self.data).hexdigest()


def seal_files(*, files: Sequence[SealableFile], now: datetime, actor: str = "step:seal_files") -> list[Item]:
    """Seal files (at most 500 at a time) and return the item of each, in their order.

    Bytes that are known already only add a sighting, one for each page that shows them; doing it again adds none. Of
    two that seal the same bytes at once, whose row comes second takes its key and its object away again.
    """
    if not files:
        return []
    lookups = [crypto.lookup("file", file.sha256) for file in files]
    fresh = _seal_new(dict(reversed(list(zip(lookups, files, strict=True)))), now)
    with transaction.atomic():
        Item.objects.bulk_create(fresh, ignore_conflicts=True)
        items = _items_by_lookup(lookups)
        mine = {item.public_id for item in fresh}
        new = [item for item in items.values() if item.public_id in mine]
        sighted = _add_sightings(files, [items[lookup] for lookup in lookups], now)
        if new or sighted:
            record(
                actor=actor,
                action="items_sealed",
                subject="items",
                now=now,
                ids=[item.public_id for item in new] or ["none"],
                detail={"files": len(files), "new": len(new), "sightings": sighted},
            )
        if new:
            events.publish(ItemsSealed(ids=tuple(item.pk for item in new)), now=now)
        if again := _seen_again(files, [items[lookup] for lookup in lookups], {item.pk for item in new}):
            events.publish(ItemsSeenAgain(ids=again), now=now)
    _forget([item.public_id for item in fresh if item.public_id != items[item.lookup].public_id])
    return [items[lookup] for lookup in lookups]


def _forget(names: Sequence[str]) -> None:
    """Remove what another process's row came before: a purge of that item knows nothing of this second copy."""
    if names:
        data_keys().forget(names)
        blobs.store().remove(names)


def _seen_again(files: Sequence[SealableFile], items: Sequence[Item], new: set[int]) -> tuple[int, ...]:
    """Return the items that somebody reports and that were there before: a report can make them urgent."""
    reported = {item.pk for file, item in zip(files, items, strict=True) if file.report_id is not None}
    return tuple(sorted(reported - new))


def _seal_new(files: Mapping[str, SealableFile], now: datetime) -> list[Item]:
    """Encrypt and store the bytes that no item has yet, durably, and return the rows to be written.

    Key, object, flush, and only then the row: whatever is interrupted leaves a key and an object that nothing
    names, and ``collect_orphans`` removes them.
    """
    known = set(Item.objects.filter(lookup__in=files).values_list("lookup", flat=True))
    new = {lookup: file for lookup, file in files.items() if lookup not in known}
    if not new:
        return []
    cases = _cases(list(new.values()))
    made = [_item_of(lookup, file, case, now) for (lookup, file), case in zip(new.items(), cases, strict=True)]
    keys, store = data_keys().make([item.public_id for item in made]), blobs.store()
    for item, file in zip(made, new.values(), strict=True):
        store.put(item.public_id, sealing.seal(file.data, key=keys[item.public_id], binds=binds_original(item)))
    store.flush()
    return made


def _cases(files: Sequence[SealableFile]) -> list[str]:
    """Return the outside id of what each file first came in with: its report, else its collection, else its address."""
    reports = dict(Report.objects.filter(pk__in={f.report_id for f in files}).values_list("pk", "public_id"))
    finds = Find.objects.filter(pk__in={f.find_id for f in files})
    collections = dict(finds.values_list("pk", "collection__public_id"))
    addresses = dict(Address.objects.filter(pk__in={f.address_id for f in files}).values_list("pk", "public_id"))
    return [
        reports.get(f.report_id or 0) or collections.get(f.find_id or 0) or addresses.get(f.address_id or 0) or ""
        for f in files
    ]


def _item_of(lookup: str, file: SealableFile, case: str, now: datetime) -> Item:
    digests = {
        "sha256": file.sha256,
        "sha1": hashlib.sha1(file.data, usedforsecurity=False).hexdigest(),
        "md5": hashlib.md5(file.data, usedforsecurity=False).hexdigest(),
    }
    return Item(lookup=lookup, case=case, digests=json.dumps(digests), bytes=len(file.data), sealed_at=now)


def _items_by_lookup(lookups: Sequence[str]) -> dict[str, Item]:
    # Read back: another process may have sealed the same bytes first, and then its row stands.
    rows = Item.objects.filter(lookup__in=set(lookups)).defer("provenance", "provenance_sealed")
    return {item.lookup: item for item in rows}


def _add_sightings(files: Sequence[SealableFile], items: Sequence[Item], now: datetime) -> int:
    known = _known_sightings(files, items)
    wanted = {}
    for file, item in zip(files, items, strict=True):
        key = _sighting_key(file.find_id, item.pk, file.address_id, file.page_id)
        if key not in known:
            wanted[key] = Sighting(
                item=item,
                address_id=file.address_id,
                page_id=file.page_id,
                find_id=file.find_id,
                report_id=file.report_id,
                seen_at=now,
            )
    Sighting.objects.bulk_create(wanted.values(), ignore_conflicts=True)
    return len(wanted)


def _known_sightings(files: Sequence[SealableFile], items: Sequence[Item]) -> set[tuple[int, ...]]:
    finds = [file.find_id for file in files if file.find_id is not None]
    columns = ("find_id", "item_id", "address_id", "page_id")
    rows = list(Sighting.objects.filter(find_id__in=finds).values_list(*columns))
    if len(finds) < len(files):
        seen = Sighting.objects.filter(item__in={item.pk for item in items}, find=None)
        rows += seen.values_list(*columns)
    return {_sighting_key(*row) for row in rows}


def _sighting_key(find_id: int | None, item_id: int, address_id: int | None, page_id: int | None) -> tuple[int, ...]:
    return (find_id,) if find_id is not None else (item_id, address_id or 0, page_id or 0)
