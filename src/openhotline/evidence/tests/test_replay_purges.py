"""A restore brings back what was purged since; the certificates take it away again."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from openhotline.audit.models import Record
from openhotline.core import blobs
from openhotline.core.datakeys import FILE, DataKeys, data_keys
from openhotline.evidence import queries
from openhotline.evidence.models import Item, Purge, Rendition, Tombstone
from openhotline.evidence.services.replay_purges import CertificateRefused, check_certificate, replay_purges
from openhotline.evidence.states import PurgeState

pytestmark = pytest.mark.django_db


@pytest.fixture
def back(
    vault: Path,
    seal: Callable[..., list[Item]],
    paint: Callable[..., bytes],
    purge: Callable[..., Purge],
    tmp_path: Path,
) -> tuple[list[Item], dict[str, Any]]:
    """Two items as an old backup has them, and the certificate of the first's purge."""
    items = seal(paint(1), paint(2))
    objects = {item.public_id: blobs.store().get(item.public_id) for item in items}
    data_keys().copy_to(tmp_path / FILE)
    certificate = purge(items[0]).certificate
    for name, content in objects.items():
        blobs.store().put(name, content)
    (vault / "keys" / FILE).write_bytes((tmp_path / FILE).read_bytes())
    Tombstone.objects.all().delete()
    Purge.objects.all().delete()
    return items, certificate


def test_planted_bug_without_the_replay_it_would_open(
    back: tuple[list[Item], dict[str, Any]], paint: Callable[..., bytes]
) -> None:
    assert queries.open_original(back[0][0]) == paint(1)


def test_what_was_purged_is_purged_again_and_nothing_else(
    back: tuple[list[Item], dict[str, Any]], paint: Callable[..., bytes], now: datetime
) -> None:
    (gone, kept), certificate = back
    assert replay_purges(certificates=[certificate], actor="test", now=now) == 1
    with pytest.raises(queries.Missing):
        queries.open_original(gone)
    assert not blobs.store().has(gone.public_id)
    assert queries.open_original(kept) == paint(2)
    assert Purge.objects.get().certificate == certificate
    assert Record.objects.filter(action="purge_replayed").count() == 1


def test_again_changes_nothing(back: tuple[list[Item], dict[str, Any]], now: datetime) -> None:
    counts = [replay_purges(certificates=[back[1]], actor="test", now=now) for _ in range(2)]
    assert counts == [1, 0]
    assert Record.objects.filter(action="purge_replayed").count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"signature": "00" * 64},
        {"signature": None},
        {"items": []},
        {"purge": "prg_x"},
        {"format": "other"},
        {"more": 1},
    ],
    ids=["signature", "no signature", "items", "purge", "format", "more"],
)
def test_a_changed_certificate_is_refused_before_anything_is_done(
    back: tuple[list[Item], dict[str, Any]], now: datetime, change: dict[str, Any], paint: Callable[..., bytes]
) -> None:
    """Else a forged line would destroy evidence at the next restore."""
    with pytest.raises(CertificateRefused):
        replay_purges(certificates=[back[1], back[1] | change], actor="test", now=now)
    assert queries.open_original(back[0][0]) == paint(1)


def test_what_is_no_certificate_is_refused(vault: Path, now: datetime) -> None:
    with pytest.raises(CertificateRefused, match="no certificate"):
        replay_purges(certificates=["x"], actor="test", now=now)


@pytest.fixture
def only_the_database_is_old(back: tuple[list[Item], dict[str, Any]], vault: Path, tmp_path: Path) -> Item:
    """The key store survived with its tombstones, the database is from before the purge, nobody has a certificate."""
    gone = back[0][0]
    data_keys().destroy([gone.public_id], purge=back[1]["purge"])
    Rendition.objects.create(item=gone, kind="blurred", sealed=b"sealed", width=1, height=1)
    return gone


def test_what_the_key_store_knows_as_purged_is_purged_without_a_certificate(
    only_the_database_is_old: Item, back: tuple[list[Item], dict[str, Any]], now: datetime
) -> None:
    gone = only_the_database_is_old
    replay_purges(certificates=[], actor="test", now=now)
    assert Tombstone.objects.get().item == gone
    assert not Rendition.objects.filter(item=gone).exists()
    assert not blobs.store().has(gone.public_id)
    done = Purge.objects.get()
    assert (done.public_id, done.reason, done.names) == (back[1]["purge"], "", [gone.public_id])
    assert check_certificate(done.certificate)["items"][0]["bytes"] == gone.bytes


def test_a_draft_from_before_whose_keys_are_gone_is_brought_to_its_end(
    only_the_database_is_old: Item, back: tuple[list[Item], dict[str, Any]], now: datetime
) -> None:
    told = back[1]
    manifest = {"purge": told["purge"], "reason": told["reason"], "items": told["items"]}
    Purge.objects.create(public_id=told["purge"], reason=told["reason"], manifest=manifest, drafted_at=now)
    replay_purges(certificates=[], actor="test", now=now)
    done = Purge.objects.get()
    assert (done.state, done.reason) == (PurgeState.DONE, told["reason"])
    assert Tombstone.objects.count() == 1


def test_planted_bug_tombstones_that_are_not_read_leave_what_was_made_of_it(
    only_the_database_is_old: Item, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DataKeys, "tombstones", lambda _self: {})
    replay_purges(certificates=[], actor="test", now=now)
    assert Rendition.objects.filter(item=only_the_database_is_old).exists()
