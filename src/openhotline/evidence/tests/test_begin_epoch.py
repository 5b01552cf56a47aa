"""A new epoch is sealed for the custodians before anything is wrapped by it."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pyrage import x25519

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core import keys, offline
from openhotline.core.custodians import open_sealed
from openhotline.core.datakeys import DataKeys, data_keys
from openhotline.core.errors import Misconfigured
from openhotline.evidence import queries
from openhotline.evidence.models import Item
from openhotline.evidence.services.begin_epoch import begin_epoch
from openhotline.evidence.states import Work

pytestmark = pytest.mark.django_db


def test_new_items_are_of_the_new_epoch_and_old_ones_still_open(
    vault: Path,
    agree: Callable[..., int],
    operator: Person,
    seal: Callable[..., list[Item]],
    paint: Callable[..., bytes],
    now: datetime,
) -> None:
    (old,) = seal(paint(1))
    assert begin_epoch(key_work_id=agree(Work.BEGIN_EPOCH, number=2), actor=operator, now=now) == 2
    (new,) = seal(paint(2))
    epochs = {name: epoch for name, (epoch, _) in data_keys().wrapped([old.public_id, new.public_id]).items()}
    assert epochs == {old.public_id: 1, new.public_id: 2}
    assert [queries.open_original(one) for one in (old, new)] == [paint(1), paint(2)]


def test_again_is_once(vault: Path, agree: Callable[..., int], operator: Person, now: datetime) -> None:
    work = agree(Work.BEGIN_EPOCH, number=2)
    assert [begin_epoch(key_work_id=work, actor=operator, now=now) for _ in range(2)] == [2, 2]
    assert Record.objects.filter(action="epoch_begun").count() == 1


def test_the_custodians_have_the_new_key_before_it_is_current(
    custodians: list[x25519.Identity],
    agree: Callable[..., int],
    operator: Person,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Interrupted just before: the key is with the custodians, wraps nothing, and stays the same when done again."""

    def dies(_store: DataKeys, _number: int) -> None:
        raise KeyboardInterrupt

    work = agree(Work.BEGIN_EPOCH, number=2)
    monkeypatch.setattr(DataKeys, "begin_epoch", dies)
    with pytest.raises(KeyboardInterrupt):
        begin_epoch(key_work_id=work, actor=operator, now=now)
    monkeypatch.undo()
    folder = data_keys().folder
    sealed = (folder / offline.FOLDER / "openhotline-keys-1+2.age").read_bytes()
    held = open_sealed(sealed, [str(one) for one in custodians[:2]])["epoch-2.key"]
    begin_epoch(key_work_id=work, actor=operator, now=now)
    assert held == (folder / "epoch-2.key").read_bytes()
    assert offline.is_up_to_date(folder)


def test_production_wants_custodians_first(
    vault: Path, agree: Callable[..., int], operator: Person, now: datetime, settings: Any
) -> None:
    work = agree(Work.BEGIN_EPOCH, number=2)
    settings.PRACTICE = False
    with pytest.raises(Misconfigured, match="custodians"):
        begin_epoch(key_work_id=work, actor=operator, now=now)
    assert keys.epochs_in(vault / "keys") == [1]
