"""What two people agreed to purge is readable by nobody afterwards, from no copy."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from openhotline.accounts.errors import NotApproved
from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core import blobs, datakeys, sealing
from openhotline.core.datakeys import DataKeys, KeyMissing, data_keys
from openhotline.core.errors import Missing, NotNow
from openhotline.evidence import policies, queries
from openhotline.evidence.models import Item, Purge, Rendition
from openhotline.evidence.services.draft_purge import draft_purge
from openhotline.evidence.services.examine_items import examine_items
from openhotline.evidence.services.purge_items import purge_items
from openhotline.evidence.services.replay_purges import check_certificate
from openhotline.evidence.states import PurgeReason, PurgeState

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(vault: Path, seal: Callable[..., list[Item]], paint: Callable[..., bytes]) -> Item:
    """One sealed item."""
    return seal(paint(1))[0]


@pytest.fixture
def drafted(item: Item, operator: Person, now: datetime) -> Purge:
    """Its purge, drafted."""
    return draft_purge(names=[item.public_id], reason=PurgeReason.COURT_ORDER, actor=operator, now=now)


def test_key_object_and_what_was_sealed_in_the_database_are_gone(
    vault: Path, examined: Item, purge: Callable[..., Purge]
) -> None:
    done = purge(examined)
    assert done.state == PurgeState.DONE
    assert not blobs.store().has(examined.public_id)
    assert not Rendition.objects.exists()
    assert Item.objects.get().provenance_sealed is None
    for opening in (queries.open_original, queries.open_tile):
        with pytest.raises(Missing):
            opening(examined)
    assert data_keys().tombstones() == {examined.public_id: done.public_id}


def test_a_copy_of_object_and_row_opens_no_more(item: Item, purge: Callable[..., Purge]) -> None:
    """As a thief of every backup but the key store's would try."""
    copied = blobs.store().get(item.public_id)
    purge(item)
    blobs.store().put(item.public_id, copied)
    with pytest.raises(KeyMissing):
        queries.open_original(item)


def test_planted_bug_with_the_object_alone_removed_a_copy_would_open(
    item: Item, paint: Callable[..., bytes], purge: Callable[..., Purge], monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = blobs.store().get(item.public_id)
    monkeypatch.setattr(DataKeys, "destroy", lambda *_, **__: 0)
    purge(item)
    blobs.store().put(item.public_id, copied)
    assert queries.open_original(item) == paint(1)


def test_others_are_untouched(
    item: Item, seal: Callable[..., list[Item]], paint: Callable[..., bytes], purge: Callable[..., Purge]
) -> None:
    (other,) = seal(paint(2))
    purge(item)
    assert queries.open_original(other) == paint(2)


def test_one_person_does_not_purge(item: Item, drafted: Purge, operator: Person, now: datetime) -> None:
    with pytest.raises(NotApproved, match="second person"):
        purge_items(purge_id=drafted.pk, actor=operator, now=now)
    assert queries.open_original(item)


def test_planted_bug_without_the_check_one_person_would_purge(
    item: Item, drafted: Purge, operator: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openhotline.evidence.services.purge_items.use_approval", lambda **_: None)
    assert purge_items(purge_id=drafted.pk, actor=operator, now=now).state == PurgeState.DONE


@pytest.mark.parametrize("change", ["another item", "another reason"])
def test_what_was_changed_since_the_approval_is_not_purged(
    item: Item, drafted: Purge, operator: Person, approve_all: Callable[[], int], now: datetime, change: str
) -> None:
    approve_all()
    if change == "another item":
        drafted.manifest["items"].append({"item": "itm_other", "case": "", "bytes": 1})
    else:
        drafted.manifest["reason"] = PurgeReason.HANDED_OVER
    drafted.save(update_fields=["manifest"])
    with pytest.raises(NotApproved, match="not this purge"):
        purge_items(purge_id=drafted.pk, actor=operator, now=now)


def test_an_approval_that_expired_does_not_hold(
    drafted: Purge, operator: Person, approve_all: Callable[[], int], now: datetime
) -> None:
    approve_all()
    with pytest.raises(NotApproved, match="expired"):
        purge_items(purge_id=drafted.pk, actor=operator, now=now + timedelta(hours=25))


def test_a_hold_that_came_after_the_approval_stops_it(
    item: Item, drafted: Purge, operator: Person, approve_all: Callable[[], int], now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    approve_all()
    monkeypatch.setattr(policies, "_keepers", [lambda names, _now: dict.fromkeys(names, "A legal hold is in force.")])
    with pytest.raises(NotNow, match="legal hold"):
        purge_items(purge_id=drafted.pk, actor=operator, now=now)
    assert queries.open_original(item)


def test_one_that_was_interrupted_is_brought_to_its_end(
    item: Item, drafted: Purge, operator: Person, approve_all: Callable[[], int], now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Killed between the tombstones and the keys; days later, without a new approval."""

    def dies(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    approve_all()
    monkeypatch.setattr(DataKeys, "destroy", dies)
    with pytest.raises(KeyboardInterrupt):
        purge_items(purge_id=drafted.pk, actor=operator, now=now)
    monkeypatch.undo()
    assert Purge.objects.get().state == PurgeState.BEGUN
    done = purge_items(purge_id=drafted.pk, actor=operator, now=now + timedelta(days=3))
    assert done.state == PurgeState.DONE
    assert not data_keys().wrapped([item.public_id])


def test_again_is_once(item: Item, purge: Callable[..., Purge], operator: Person, now: datetime) -> None:
    first = purge(item)
    again = purge_items(purge_id=first.pk, actor=operator, now=now + timedelta(days=1))
    assert again.certificate == first.certificate
    assert Record.objects.filter(action="items_purged").count() == 1


def test_the_certificate_says_what_why_and_who_agreed_and_is_signed(item: Item, purge: Callable[..., Purge]) -> None:
    certificate = purge(item).certificate
    assert [one["item"] for one in certificate["items"]] == [item.public_id]
    assert certificate["approval"].startswith("apr_")
    assert check_certificate(json.loads(json.dumps(certificate))) == certificate
    assert "operator" not in json.dumps(certificate)


def test_the_same_bytes_coming_in_again_are_known_and_not_stored(
    item: Item, purge: Callable[..., Purge], seal: Callable[..., list[Item]], paint: Callable[..., bytes]
) -> None:
    purge(item)
    assert seal(paint(1)) == [item]
    assert not blobs.store().has(item.public_id)


def test_an_item_purged_while_it_is_examined_gets_no_tile(
    item: Item, purge: Callable[..., Purge], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = sealing.seal

    def purged_first(data: bytes, **rest: object) -> bytes:
        if not Purge.objects.exists():
            purge(item)
        return real(data, **rest)  # type: ignore[arg-type] # handed on as it came

    monkeypatch.setattr(sealing, "seal", purged_first)
    assert examine_items(ids=[item.pk], now=now) == []
    assert not Rendition.objects.exists()


def test_the_order_is_tombstone_key_object(
    item: Item, drafted: Purge, operator: Person, approve_all: Callable[[], int], now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    seen: list[tuple[bool, bool]] = []
    real = DataKeys.destroy

    def looking(store: DataKeys, names: list[str], *, purge: str) -> int:
        seen.append((hasattr(Item.objects.get(), "tombstone"), blobs.store().has(item.public_id)))
        return real(store, names, purge=purge)

    approve_all()
    monkeypatch.setattr(DataKeys, "destroy", looking)
    purge_items(purge_id=drafted.pk, actor=operator, now=now)
    assert seen == [(True, True)]


def test_while_the_key_store_is_read_there_is_no_certificate_and_afterwards_it_is_brought_to_its_end(
    item: Item, drafted: Purge, operator: Person, approve_all: Callable[[], int], now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    approve_all()
    monkeypatch.setattr(datakeys, "LOG_SECONDS", 0.1)
    with closing(sqlite3.connect(data_keys().path, isolation_level=None)) as reading:
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM data_key").fetchone()
        with pytest.raises(NotNow, match="run this again"):
            purge_items(purge_id=drafted.pk, actor=operator, now=now)
    begun = Purge.objects.get()
    assert (begun.state, begun.certificate) == (PurgeState.BEGUN, None)
    assert purge_items(purge_id=drafted.pk, actor=operator, now=now).state == PurgeState.DONE
