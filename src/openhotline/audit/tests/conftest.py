"""A log to start from, and somebody with the database's own rights."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from openhotline.audit.models import Record, SecondPlace
from openhotline.audit.models.guards import TABLES, VERBS
from openhotline.audit.services import seal as sealing
from openhotline.audit.services.record import record
from openhotline.audit.services.seal import seal


@pytest.fixture
def write(db: None, now: datetime) -> Callable[[int], list[Record]]:
    """Write this many records, five minutes after those before, and seal them."""

    def go(many: int) -> list[Record]:
        at = now + timedelta(minutes=5 * Record.objects.count())
        rows = [record(actor="per_a", action="seen", subject=f"itm_{n}", now=at) for n in range(many)]
        seal(now=at)
        return rows

    return go


@pytest.fixture
def small_epochs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an epoch hold four records."""
    monkeypatch.setattr(sealing, "RECORDS_AN_EPOCH", 4)


@pytest.fixture
def place(tmp_path: Path) -> SecondPlace:
    """Another machine's folder."""
    return SecondPlace(tmp_path / "shipped")


@pytest.fixture
def as_owner(db: None) -> Callable[[str], None]:
    """Run a statement as somebody with the database's own rights would: the triggers are out of the way first."""

    def run(statement: str) -> None:
        with connection.cursor() as cursor:
            for table in TABLES:
                if connection.vendor == "postgresql":
                    cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
                else:
                    for verb in VERBS["sqlite"]:
                        cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{verb}")
            cursor.execute(statement)

    return run
