"""The keys are sealed anew for the custodians whenever they changed."""

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
from openhotline.core.errors import Missing, NotNow
from openhotline.evidence.services.wrap_offline import to_wrap, wrap_offline
from openhotline.evidence.states import Work

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreed(agree: Callable[..., int]) -> Callable[[], int]:
    """Let two people agree on sealing what lies here for the custodians there are."""
    return lambda: agree(Work.WRAP_OFFLINE, **to_wrap())


def test_three_files_hold_every_key(
    custodians: list[x25519.Identity], agreed: Callable[[], int], operator: Person, now: datetime
) -> None:
    folder = data_keys().folder
    keys.make_epoch(folder, 2, b"k" * 32)
    work = agreed()
    paths = wrap_offline(key_work_id=work, actor=operator, now=now)
    assert wrap_offline(key_work_id=work, actor=operator, now=now) == []
    assert [path.stat().st_mode & 0o777 for path in paths] == [0o600] * 3
    assert open_sealed(paths[1].read_bytes(), [str(custodians[0]), str(custodians[2])])["epoch-2.key"] == b"k" * 32
    assert offline.is_up_to_date(folder)
    assert Record.objects.get(action="keys_wrapped_offline").detail["keys"] == len(keys.NAMES) + 1


def test_without_custodians_it_says_whom_to_name(vault: Path) -> None:
    with pytest.raises(Missing, match="key custodians"):
        to_wrap()


def test_a_key_that_came_since_is_not_sealed_by_what_was_agreed_before(
    custodians: list[x25519.Identity], agreed: Callable[[], int], operator: Person, now: datetime
) -> None:
    work = agreed()
    keys.make_epoch(data_keys().folder, 2, b"k" * 32)
    with pytest.raises(NotNow, match="Ask for it again"):
        wrap_offline(key_work_id=work, actor=operator, now=now)


def test_where_the_machine_stops_while_it_writes_the_log_has_its_beginning(
    custodians: list[x25519.Identity],
    agreed: Callable[[], int],
    operator: Person,
    monkeypatch: pytest.MonkeyPatch,
    now: datetime,
) -> None:
    """The line is there before the first sealed file, and stays when nothing else does."""
    work = agreed()
    begun = Record.objects.filter(action="key_work_begun", detail__work="wrap_offline")

    def stop(*_: object, **__: object) -> None:
        assert begun.count() == 1
        raise OSError("power")

    monkeypatch.setattr(offline, "wrap", stop)
    with pytest.raises(OSError, match="power"):
        wrap_offline(key_work_id=work, actor=operator, now=now)
    assert begun.count() == 1
