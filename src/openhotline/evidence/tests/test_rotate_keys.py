"""Rotation wraps every data key anew and leaves every object alone."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core import blobs
from openhotline.core.datakeys import DataKeys, data_keys
from openhotline.core.errors import NotAllowed
from openhotline.evidence import queries
from openhotline.evidence.models import Item
from openhotline.evidence.services.begin_epoch import begin_epoch
from openhotline.evidence.services.rotate_keys import left_to_rotate, rotate_keys
from openhotline.evidence.states import Work

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed(vault: Path, seal: Callable[..., list[Item]], paint: Callable[..., bytes]) -> list[Item]:
    """Five items of the first epoch."""
    return seal(*(paint(n) for n in range(5)))


@pytest.fixture
def begun(sealed: list[Item], agree: Callable[..., int], operator: Person, now: datetime) -> list[Item]:
    """Five items, and a second epoch."""
    begin_epoch(key_work_id=agree(Work.BEGIN_EPOCH, number=2), actor=operator, now=now)
    return sealed


def test_nothing_is_left_and_everything_opens(
    begun: list[Item], operator: Person, paint: Callable[..., bytes], now: datetime
) -> None:
    told: list[int] = []
    objects = [blobs.store().get(item.public_id) for item in begun]
    assert rotate_keys(actor=operator, now=now, tell=told.append, batch=2) == 5
    assert (told, left_to_rotate(data_keys())) == ([2, 2, 1], 0)
    assert [queries.open_original(item) for item in begun] == [paint(n) for n in range(5)]
    assert [blobs.store().get(item.public_id) for item in begun] == objects


def test_begin_and_end_are_recorded(begun: list[Item], operator: Person, now: datetime) -> None:
    rotate_keys(actor=operator, now=now)
    details = Record.objects.filter(action__startswith="key_rotation").order_by("pk").values_list("detail", flat=True)
    assert list(details) == [{"epoch": 2, "keys": 5}, {"epoch": 2, "keys": 5, "left": 0}]


def test_with_nothing_to_do_nothing_is_said(sealed: list[Item], operator: Person, now: datetime) -> None:
    assert rotate_keys(actor=operator, now=now) == 0
    assert not Record.objects.filter(action__startswith="key_rotation").exists()


def test_a_file_that_comes_in_meanwhile_is_of_the_new_epoch(
    begun: list[Item], operator: Person, seal: Callable[..., list[Item]], paint: Callable[..., bytes], now: datetime
) -> None:
    late: list[Item] = []
    rotate_keys(actor=operator, now=now, tell=lambda _: late.extend(seal(paint(100 + len(late)))), batch=2)
    assert left_to_rotate(data_keys()) == 0
    assert len({queries.open_original(item) for item in [*begun, *late]}) == 8


def test_an_ended_rotation_is_taken_up_again(begun: list[Item], operator: Person, now: datetime) -> None:
    def dies(_count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate_keys(actor=operator, now=now, tell=dies, batch=2)
    assert left_to_rotate(data_keys()) == 3
    assert rotate_keys(actor=operator, now=now) == 3


def test_an_analyst_does_not_rotate(begun: list[Item], analyst: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        rotate_keys(actor=analyst, now=now)


def test_planted_bug_a_key_made_outside_the_transaction_is_left_behind(
    begun: list[Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were the epoch read before the lock, what comes in during a rotation would stay on the old one."""
    monkeypatch.setattr("openhotline.core.datakeys._current", lambda _store: 1)
    data_keys().make(["itm_late"])
    monkeypatch.undo()
    assert left_to_rotate(DataKeys(data_keys().folder)) == 6
