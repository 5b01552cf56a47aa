"""Files are sealed before anything reads them."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from openhotline.audit.models import Record
from openhotline.core import blobs, crypto
from openhotline.core import models as core
from openhotline.core.datakeys import data_keys
from openhotline.core.sealing import Binding
from openhotline.evidence import queries
from openhotline.evidence.models import Item, Purge, Sighting
from openhotline.evidence.services import seal_files as module
from openhotline.evidence.services.seal_files import SealableFile, seal_files
from openhotline.intake.models import Address

pytestmark = pytest.mark.django_db


def test_the_same_bytes_are_one_item_with_two_sightings(
    seal: Callable[..., list[Item]], paint: Callable[..., bytes]
) -> None:
    first, again, other = seal(paint(1), paint(1), paint(2))
    assert first.pk == again.pk != other.pk
    assert Item.objects.count() == 2
    assert first.sightings.count() == 2


def test_what_was_sealed_opens_to_the_same_bytes(seal: Callable[..., list[Item]], paint: Callable[..., bytes]) -> None:
    (item,) = seal(paint(1))
    assert queries.open_original(item) == paint(1)
    assert queries.digests_of(item)["sha1"] == hashlib.sha1(paint(1)).hexdigest()


def test_the_store_holds_no_picture(seal: Callable[..., list[Item]], paint: Callable[..., bytes]) -> None:
    (item,) = seal(paint(1))
    assert paint(1)[:64] not in blobs.store().get(item.public_id)


def test_again_changes_nothing(seal: Callable[..., list[Item]], paint: Callable[..., bytes]) -> None:
    seal(paint(1), paint(2))
    before = (Item.objects.count(), Sighting.objects.count(), core.Event.objects.count(), Record.objects.count())
    seal(paint(1), paint(2))
    assert (
        Item.objects.count(),
        Sighting.objects.count(),
        core.Event.objects.count(),
        Record.objects.count(),
    ) == before


def test_only_new_items_are_announced(
    seal: Callable[..., list[Item]], paint: Callable[..., bytes], now: datetime, keep_address: Callable[[str], Address]
) -> None:
    seal(paint(1))
    place = keep_address("https://elsewhere.example/")
    files = [SealableFile(paint(n), address_id=place.pk) for n in (1, 2)]
    _, new = seal_files(files=files, now=now)
    assert core.Event.objects.latest("pk").ids == [new.pk]


def test_a_picture_that_two_pages_show_is_seen_on_both(
    paint: Callable[..., bytes], now: datetime, keep_address: Callable[[str], Address]
) -> None:
    """And once by itself, when its own address was reported; doing it again adds nothing."""
    place = keep_address("https://pictures.example/1.png")
    pages = [keep_address(f"https://board.example/{name}").pk for name in ("one", "two")]
    files = [SealableFile(paint(1), address_id=place.pk, page_id=page) for page in (*pages, None)]
    for _ in range(2):
        seal_files(files=files, now=now)
        seal_files(files=files[1:2], now=now)
    assert list(Sighting.objects.order_by("pk").values_list("page_id", flat=True)) == [*pages, None]


@pytest.mark.parametrize("shown", [True, False], ids=["on a page", "by itself"])
def test_the_database_keeps_no_second_sighting_of_a_place(
    seal: Callable[..., list[Item]], paint: Callable[..., bytes], now: datetime, *, shown: bool
) -> None:
    (item,) = seal(paint(1))
    first = item.sightings.get()
    seen = {"item": item, "address": first.address, "page": first.address if shown else None, "seen_at": now}
    with pytest.raises(IntegrityError), transaction.atomic():
        Sighting.objects.bulk_create([Sighting(**seen), Sighting(**seen)])


def _swap(first: Item, second: Item) -> None:
    """As somebody with disk and database at hand would: object and key of one in the other's place."""
    store, keys = blobs.store(), data_keys().get_many([first.public_id, second.public_id])
    one, two = store.get(first.public_id), store.get(second.public_id)
    store.put(first.public_id, two)
    store.put(second.public_id, one)
    data_keys().forget(keys)
    data_keys().take_in({first.public_id: keys[second.public_id].raw, second.public_id: keys[first.public_id].raw})


def test_an_object_in_anothers_place_does_not_open(
    seal: Callable[..., list[Item]], paint: Callable[..., bytes]
) -> None:
    first, second = seal(paint(1), paint(2))
    _swap(first, second)
    with pytest.raises(crypto.DoesNotOpen):
        queries.open_original(first)


def test_planted_without_the_binding_a_swapped_object_would_open(
    seal: Callable[..., list[Item]], paint: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in (queries, module):
        monkeypatch.setattr(place, "binds_original", lambda _item: Binding("any", "original"))
    first, second = seal(paint(1), paint(2))
    _swap(first, second)
    assert queries.open_original(first) == paint(2)


def test_an_item_moved_to_another_case_does_not_open(
    seal: Callable[..., list[Item]], paint: Callable[..., bytes]
) -> None:
    """Who changes where a file is said to come from makes it unreadable."""
    (item,) = seal(paint(1))
    assert item.case == Address.objects.get().public_id
    item.case = "rep_other"
    with pytest.raises(crypto.DoesNotOpen):
        queries.open_original(item)


def test_no_row_before_the_object_is_on_disk(
    seal: Callable[..., list[Item]], paint: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_store: object) -> None:
        raise OSError("The disk is full.")

    monkeypatch.setattr(blobs.LocalFolder, "flush", full)
    with pytest.raises(OSError, match="full"), transaction.atomic():
        seal(paint(1))
    assert not Item.objects.exists()


def test_another_process_that_was_first_keeps_its_item(
    seal: Callable[..., list[Item]], paint: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between looking and writing the same bytes came in elsewhere: their row stands, no error."""
    (first,) = seal(paint(1))
    real = module._seal_new
    monkeypatch.setattr(
        module, "_seal_new", lambda files, now: [module._item_of(key, one, "", now) for key, one in files.items()]
    )
    (again,) = seal(paint(1))
    assert real is not module._seal_new
    assert again.pk == first.pk
    assert queries.open_original(again) == paint(1)


@pytest.fixture
def beaten(
    vault: Path, seal: Callable[..., list[Item]], paint: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> Callable[[], Item]:
    """Seal a file while another process seals the same bytes and writes its row first; return the one item."""

    def sealing() -> Item:
        real = module._seal_new

        def meanwhile(*given: Any) -> list[Item]:
            mine = real(*given)
            monkeypatch.setattr(module, "_seal_new", real)
            seal(paint(1))
            return mine

        monkeypatch.setattr(module, "_seal_new", meanwhile)
        (item,) = seal(paint(1))
        return item

    return sealing


def test_who_comes_second_leaves_neither_key_nor_object(
    beaten: Callable[[], Item], paint: Callable[..., bytes]
) -> None:
    item = beaten()
    assert list(blobs.store().names()) == [item.public_id]
    assert data_keys().count() == 1
    assert queries.open_original(item) == paint(1)


def test_planted_bug_left_to_the_orphans_a_copy_would_outlive_a_purge(
    beaten: Callable[[], Item], purge: Callable[..., Purge], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_forget", lambda _names: None)
    purge(beaten())
    assert data_keys().count() == 1


def test_after_a_purge_no_copy_is_left_of_what_was_sealed_twice_at_once(
    beaten: Callable[[], Item], purge: Callable[..., Purge]
) -> None:
    purge(beaten())
    assert data_keys().count() == 0


def test_a_file_found_nowhere_is_refused() -> None:
    with pytest.raises(ValueError, match="found somewhere"):
        SealableFile(b"bytes")
