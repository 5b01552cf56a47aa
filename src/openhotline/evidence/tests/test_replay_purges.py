"""A restore brings back what was purged since; the certificates take it away again."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from openhotline.audit.models import Record
from openhotline.core import blobs
from openhotline.core.datakeys import FILE, data_keys
from openhotline.evidence import queries
from openhotline.evidence.models import Item, Purge, Tombstone
from openhotline.evidence.services.replay_purges import CertificateRefused, replay_purges

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
