"""The key of an earlier epoch goes once nothing needs it, and with it what older copies of the key store could open."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from pyrage import x25519

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core import keys, offline
from openhotline.core.custodians import open_sealed
from openhotline.core.datakeys import data_keys
from openhotline.core.errors import NotNow
from openhotline.evidence import queries
from openhotline.evidence.models import Item
from openhotline.evidence.services.retire_epoch import retire_epoch
from openhotline.evidence.states import Work

pytestmark = pytest.mark.django_db


def test_the_key_is_gone_and_everything_opens(
    vault: Path,
    rotated: Callable[[], int],
    agree: Callable[..., int],
    operator: Person,
    seal: Callable[..., list[Item]],
    paint: Callable[..., bytes],
    now: datetime,
) -> None:
    (item,) = seal(paint(1))
    earlier = rotated()
    work = agree(Work.RETIRE_EPOCH, number=earlier)
    assert [retire_epoch(key_work_id=work, actor=operator, now=now) for _ in range(2)] == [1, 1]
    assert keys.epochs_in(vault / "keys") == [2]
    assert queries.open_original(item) == paint(1)
    assert Record.objects.filter(action="epoch_retired").count() == 1


def test_it_is_not_with_the_custodians_either(
    custodians: list[x25519.Identity],
    rotated: Callable[[], int],
    agree: Callable[..., int],
    operator: Person,
    now: datetime,
) -> None:
    retire_epoch(key_work_id=agree(Work.RETIRE_EPOCH, number=rotated()), actor=operator, now=now)
    sealed = (data_keys().folder / offline.FOLDER / "openhotline-keys-2+3.age").read_bytes()
    held = open_sealed(sealed, [str(one) for one in custodians[1:]])
    assert {name for name in held if name.startswith("epoch")} == {"epoch-2.key"}
    assert offline.is_up_to_date(data_keys().folder)


def test_an_epoch_that_is_needed_stays(
    vault: Path, agree: Callable[..., int], operator: Person, seal: Callable[..., list[Item]], now: datetime
) -> None:
    with pytest.raises(NotNow, match="not behind the current one"):
        retire_epoch(key_work_id=agree(Work.RETIRE_EPOCH, number=1), actor=operator, now=now)
    assert keys.epochs_in(vault / "keys") == [1]


def test_a_first_epoch_that_was_retired_is_not_made_again(
    vault: Path, rotated: Callable[[], int], agree: Callable[..., int], operator: Person, now: datetime
) -> None:
    """Practice makes missing keys at every start."""
    retire_epoch(key_work_id=agree(Work.RETIRE_EPOCH, number=rotated()), actor=operator, now=now)
    assert keys.make_missing(vault / "keys") == []
    assert keys.epochs_in(vault / "keys") == [2]
