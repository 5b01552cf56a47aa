"""Items that were sealed before data keys lay apart still open, and none of their keys stays in the table."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from openhotline.core import blobs, crypto, keys, sealing
from openhotline.core.datakeys import data_keys
from openhotline.core.sealing import Binding
from openhotline.evidence import queries
from openhotline.evidence.models import Item

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

BEFORE, AFTER = ("evidence", "0001_initial"), ("evidence", "0004_remove_data_key")
PROVENANCE = "evidence_item.provenance_sealed"


@pytest.fixture
def migrate() -> Iterator[Callable[[tuple[str, str]], Any]]:
    """Bring the tables of evidence to a migration, and every app's back to the newest at the end.

    Going back takes along whatever depends on what is taken back, in other apps too.
    """

    def to(target: tuple[str, str]) -> Any:
        executor = MigrationExecutor(connection)
        executor.migrate([target])
        return MigrationExecutor(connection).loader.project_state([target]).apps

    yield to
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def old_row(old: Any, now: datetime, name: str) -> None:
    """Write an item as the version before wrote it."""
    raw = sealing.new_data_key()
    blobs.store().put(name, sealing.seal(b"shapes", key=raw, binds=Binding(name, "original")))
    old.get_model("evidence", "Item").objects.create(
        public_id=name,
        lookup=name,
        digests="{}",
        bytes=6,
        sealed_at=now,
        data_key=crypto.lock(keys.load("epoch-1.key"), raw.raw, b"data-key"),
        provenance_sealed='{"text.0": "told"}',
    )


def test_there_and_back_with_rows(migrate: Callable[[tuple[str, str]], Any], now: datetime) -> None:
    old_row(migrate(BEFORE), now, "itm_before1")
    old_row(migrate(BEFORE), now, "itm_before2")
    for _ in range(2):
        migrate(AFTER)
        # What the tables had then: later migrations added columns.
        for item in Item.objects.only("public_id", "case", "provenance_sealed"):
            assert queries.open_original(item) == b"shapes"
            assert queries.open_provenance(item) == '{"text.0": "told"}'
        rows = migrate(BEFORE).get_model("evidence", "Item").objects.all()
        for row in rows:
            raw = crypto.unlock(keys.load("epoch-1.key"), bytes(row.data_key), b"data-key")
            assert raw == data_keys().get(row.public_id).raw
            assert row.provenance_sealed == '{"text.0": "told"}'
    migrate(AFTER).get_model("evidence", "Item").objects.all().delete()
