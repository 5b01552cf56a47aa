"""What falls due takes checkpoints of the log to the second place."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from openhotline import due
from openhotline.audit.models import Checkpoint, SecondPlace
from openhotline.audit.services.record import record
from openhotline.audit.services.verify import verify
from openhotline.core.errors import Misconfigured

pytestmark = pytest.mark.django_db


def test_a_tick_seals_and_ships(now: datetime, tmp_path: Path, settings: Any) -> None:
    settings.AUDIT_SHIP = tmp_path / "shipped"
    record(actor="per_a", action="seen", subject="itm_1", now=now)
    assert due.tick(now=now)["checkpoints shipped"] == 1
    found = verify(shipped=SecondPlace(settings.AUDIT_SHIP))
    assert (found.ok, found.shipped) == (True, 1)


def test_without_a_second_place_nothing_is_shipped(now: datetime, settings: Any) -> None:
    assert settings.AUDIT_SHIP is None
    record(actor="per_a", action="seen", subject="itm_1", now=now)
    assert due.tick(now=now)["checkpoints shipped"] == 0


def test_a_place_that_is_gone_stops_nothing_else(now: datetime, tmp_path: Path, settings: Any) -> None:
    (tmp_path / "file").write_text("")
    settings.AUDIT_SHIP = tmp_path / "file" / "below"
    record(actor="per_a", action="seen", subject="itm_1", now=now)
    done = due.tick(now=now)
    assert (done["log sealed"], done["checkpoints shipped"]) == (1, 0)


def test_a_retention_table_that_is_not_right_keeps_nothing_else_from_being_done(
    now: datetime, tmp_path: Path, settings: Any
) -> None:
    (tmp_path / "mine.toml").write_text("[[class]]\nname = 'x'\n")
    settings.RETENTION = str(tmp_path / "mine.toml")
    record(actor="per_a", action="seen", subject="itm_1", now=now)
    with pytest.raises(ExceptionGroup) as raised:
        due.tick(now=now - timedelta(days=3))
    (error,) = raised.value.exceptions
    assert isinstance(error, Misconfigured)
    assert "'x'" in str(error)
    assert Checkpoint.objects.count() == 1
