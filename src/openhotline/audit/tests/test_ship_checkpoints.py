"""Checkpoints go to the second place."""

import logging
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from openhotline.audit.models import Checkpoint, Record, SecondPlace
from openhotline.audit.models.note import read_note
from openhotline.audit.services.ship_checkpoints import ship_checkpoints

pytestmark = pytest.mark.django_db

Write = Callable[[int], list[Record]]


def sizes(place: SecondPlace) -> list[int]:
    return sorted(read_note(path.read_text())[0].size for path in place.folder.rglob("*.checkpoint"))


def test_the_newest_is_shipped_once(write: Write, place: SecondPlace) -> None:
    write(3)
    assert (ship_checkpoints(to=place), ship_checkpoints(to=place)) == (1, 0)
    assert sizes(place) == [3]


def test_after_a_time_without_the_place_the_end_of_every_epoch_follows(
    write: Write, small_epochs: None, place: SecondPlace
) -> None:
    for _ in range(5):
        write(2)
    assert ship_checkpoints(to=place) == 3
    assert sizes(place) == [4, 8, 10]


def test_an_empty_log_ships_nothing(db: None, place: SecondPlace) -> None:
    assert ship_checkpoints(to=place) == 0


def test_a_place_that_cannot_be_reached_stops_nothing(
    write: Write, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    write(1)
    logging.getLogger("openhotline").propagate = True
    assert ship_checkpoints(to=SecondPlace(tmp_path / "file" / "below")) == 0


def test_a_log_that_was_rolled_back_is_shipped_beside_the_other_history(
    write: Write, place: SecondPlace, as_owner: Callable[[str], None]
) -> None:
    write(2), write(2)
    ship_checkpoints(to=place)
    as_owner("DELETE FROM audit_checkpoint WHERE number = 2")
    assert Checkpoint.objects.get().size == 2
    assert ship_checkpoints(to=place) == 1
    assert sizes(place) == [2, 4]


def test_a_checkpoint_is_on_disk_with_its_name_and_its_folder(
    write: Write, place: SecondPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut at the second place takes back nothing that was counted as shipped."""
    flushed: list[str] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        flushed.append(Path(f"/proc/self/fd/{handle}").readlink().name)
        real(handle)

    write(1)
    monkeypatch.setattr(os, "fsync", fsync)
    ship_checkpoints(to=place)
    epoch = "00000000"
    assert flushed[:2] == [place.folder.parent.name, place.folder.name]
    assert flushed[-1] == epoch
    assert flushed[-2].startswith(".")
