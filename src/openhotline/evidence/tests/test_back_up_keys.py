"""The key store is copied while it is used; the copy opens nothing by itself."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from openhotline.audit.models import Record
from openhotline.core.datakeys import FILE, DataKeys, data_keys
from openhotline.core.errors import Misconfigured, NotNow
from openhotline.evidence.models import Item
from openhotline.evidence.services.back_up_keys import back_up_keys

pytestmark = pytest.mark.django_db


def test_a_copy_has_every_key_and_no_epoch(
    vault: Path, seal: Callable[..., list[Item]], paint: Callable[..., bytes], tmp_path: Path,
    now: datetime,
) -> None:  # fmt: skip
    first, second = seal(paint(1), paint(2))
    data_keys().destroy([second.public_id], purge="prg_1")
    assert back_up_keys(folder=tmp_path / "copy", actor="test", now=now) == 1
    copy = DataKeys(tmp_path / "copy")
    assert copy.tombstones() == {second.public_id: "prg_1"}
    assert (tmp_path / "copy" / FILE).stat().st_mode & 0o777 == 0o600
    with pytest.raises(Misconfigured, match="The key epoch-1"):
        copy.get(first.public_id)
    assert Record.objects.get(action="key_store_backed_up").detail == {"keys": 1}


def test_an_earlier_copy_is_not_written_over(vault: Path, tmp_path: Path, now: datetime) -> None:
    back_up_keys(folder=tmp_path / "copy", actor="test", now=now)
    with pytest.raises(NotNow, match="new folder"):
        back_up_keys(folder=tmp_path / "copy", actor="test", now=now)
