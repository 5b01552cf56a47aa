"""What an interrupted sealing left is removed once it is old; nothing else ever is."""

import os
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from openhotline.audit.models import Record
from openhotline.core import blobs
from openhotline.core.datakeys import data_keys
from openhotline.evidence import queries
from openhotline.evidence.models import Item
from openhotline.evidence.services import seal_files as sealing
from openhotline.evidence.services.collect_orphans import collect_orphans, part_due
from openhotline.evidence.services.seal_files import SealableFile

pytestmark = pytest.mark.django_db

ALL = range(blobs.FOLDERS)
NO_AGE = timedelta(seconds=-60)


@pytest.fixture
def kept(vault: Path, seal: Callable[..., list[Item]], paint: Callable[..., bytes]) -> list[Item]:
    """Two items with their rows."""
    return seal(paint(1), paint(2))


@pytest.fixture
def orphan(kept: list[Item], now: datetime) -> str:
    """Key and object of a sealing that was ended before its row."""
    (item,) = sealing._seal_new({"lookup": SealableFile(b"shapes", find_id=0)}, now)
    return item.public_id


def test_an_old_orphan_goes_with_its_key_and_what_has_a_row_stays(
    kept: list[Item], orphan: str, now: datetime, paint: Callable[..., bytes]
) -> None:
    assert collect_orphans(parts=ALL, actor="test", now=now, older_than=NO_AGE) == 2
    assert not blobs.store().has(orphan)
    assert not data_keys().wrapped([orphan])
    assert [queries.open_original(item) for item in kept] == [paint(1), paint(2)]
    assert Record.objects.get(action="orphans_collected").detail == {"removed": 2}


def test_a_young_one_is_left_however_far_practice_moves_its_clock(orphan: str, now: datetime) -> None:
    """Its writer may be about to commit."""
    assert collect_orphans(parts=ALL, actor="test", now=now + timedelta(days=400)) == 0
    assert blobs.store().has(orphan)


def test_what_a_writer_left_aside_goes_too(kept: list[Item], now: datetime) -> None:
    path = blobs.store().path_of("itm_aa.01234567.part")
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"half")
    os.utime(path, (time.time() - 200_000,) * 2)
    assert collect_orphans(parts=ALL, actor="test", now=now) == 1
    assert not path.exists()


def test_beside_a_database_that_is_not_its_own_the_store_is_left_alone(kept: list[Item], now: datetime) -> None:
    """An operator who named the wrong database must not lose every file by the next day."""
    Item.objects.all().first().sightings.all().delete()  # type: ignore[union-attr] # there are two
    Item.objects.filter(sightings=None).delete()
    data_keys().make(["itm_2", "itm_3"])
    assert collect_orphans(parts=ALL, actor="test", now=now, older_than=NO_AGE) == 0
    assert len(list(blobs.store().names())) == 2


def test_planted_bug_without_asking_for_the_row_everything_would_go(
    kept: list[Item], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openhotline.evidence.services.collect_orphans._unnamed", list)
    assert collect_orphans(parts=ALL, actor="test", now=now, older_than=NO_AGE) == 4


def test_every_part_is_looked_at_within_a_day(now: datetime) -> None:
    minutes = range(24 * 60)
    assert {part_due(now + timedelta(minutes=minute)) for minute in minutes} == set(ALL)
