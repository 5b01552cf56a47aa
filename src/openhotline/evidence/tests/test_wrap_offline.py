"""The keys are sealed anew for the custodians whenever they changed."""

from datetime import datetime
from pathlib import Path

import pytest
from pyrage import x25519

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core import keys, offline
from openhotline.core.custodians import open_sealed
from openhotline.core.datakeys import data_keys
from openhotline.core.errors import Missing, NotAllowed
from openhotline.evidence.services.wrap_offline import wrap_offline

pytestmark = pytest.mark.django_db


def test_three_files_hold_every_key(custodians: list[x25519.Identity], operator: Person, now: datetime) -> None:
    folder = data_keys().folder
    keys.make_epoch(folder, 2, b"k" * 32)
    paths = wrap_offline(actor=operator, now=now)
    assert [path.stat().st_mode & 0o777 for path in paths] == [0o600] * 3
    assert open_sealed(paths[1].read_bytes(), [str(custodians[0]), str(custodians[2])])["epoch-2.key"] == b"k" * 32
    assert offline.is_up_to_date(folder)
    assert Record.objects.get(action="keys_wrapped_offline").detail["keys"] == len(keys.NAMES) + 1


def test_without_custodians_it_says_whom_to_name(vault: Path, operator: Person, now: datetime) -> None:
    with pytest.raises(Missing, match="key custodians"):
        wrap_offline(actor=operator, now=now)


def test_an_analyst_does_not_seal_keys(vault: Path, analyst: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        wrap_offline(actor=analyst, now=now)
