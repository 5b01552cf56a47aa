"""The auditor verifies the log."""

import hashlib
from datetime import datetime

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from hypothesis import given
from hypothesis import strategies as st

from openhotline.audit.models import Record
from openhotline.audit.services.record import record
from openhotline.audit.services.seal import grow, root_of, seal
from openhotline.audit.services.verify import verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def log(db: None, now: datetime) -> list[Record]:
    """Five records, sealed."""
    rows = [record(actor="per_a", action="seen", subject=f"itm_{n}", now=now) for n in range(5)]
    seal(now=now)
    return rows


def _unlock(statement: str) -> None:
    # As somebody with the database's own rights would: the refusing trigger is dropped first.
    with connection.cursor() as cursor:
        for table in ("audit_record", "audit_leaf", "audit_checkpoint"):
            if connection.vendor == "postgresql":
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            else:
                cursor.execute(f"DROP TRIGGER {table}_update")
                cursor.execute(f"DROP TRIGGER {table}_delete")
        cursor.execute(statement)


def test_an_untouched_log_is_whole(log: list[Record]) -> None:
    assert verify().ok


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'per_b'",
        "action = 'x'",
        "subject = 'itm_9'",
        "count = 9",
        "digest = 'x'",
        "detail = '{\"a\":1}'",
    ],
)
def test_a_changed_column_is_named(log: list[Record], change: str) -> None:
    _unlock(f"UPDATE audit_record SET {change} WHERE id = {log[2].pk}")
    assert f"Record {log[2].pk} " in verify().faults[0]


def test_a_deleted_record_is_named(log: list[Record]) -> None:
    _unlock(f"DELETE FROM audit_record WHERE id = {log[1].pk}")
    assert f"Record {log[1].pk} " in verify().faults[0]


def test_a_cut_tail_is_seen(log: list[Record]) -> None:
    _unlock("DELETE FROM audit_leaf WHERE position >= 3")
    assert any("tail was cut" in fault for fault in verify().faults)


def test_a_forged_checkpoint_does_not_hold(log: list[Record]) -> None:
    _unlock(f"UPDATE audit_checkpoint SET signature = '{'00' * 64}'")
    assert "signature does not hold" in verify().faults[0]


@pytest.mark.parametrize("table", ["audit_record", "audit_leaf", "audit_checkpoint"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = 9", "DELETE FROM {}"])
def test_the_database_refuses_to_change_the_log(log: list[Record], table: str, statement: str) -> None:
    change = statement.format(table).replace("id = 9", "record_id = 9" if table == "audit_leaf" else "id = 9")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_planted_bug_a_verifier_that_trusts_the_rows_sees_nothing(
    log: list[Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    """If leaves were not recomputed, the change would pass: the check is what catches it."""
    _unlock(f"UPDATE audit_record SET actor = 'per_b' WHERE id = {log[2].pk}")
    monkeypatch.setattr("openhotline.audit.services.verify._leaf_faults", lambda *_: [])
    assert verify().ok


def _slow_root(leaves: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, as it is written."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\1" + _slow_root(leaves[:split]) + _slow_root(leaves[split:])).digest()


@given(st.integers(0, 200), st.integers(0, 200))
def test_a_grown_frontier_has_the_root_of_the_definition(first: int, more: int) -> None:
    leaves = [hashlib.sha256(b"\0" + bytes([n % 256, n // 256])).digest() for n in range(first + more)]
    frontier: list[tuple[int, bytes]] = []
    grow(frontier, leaves[:first])
    grow(frontier, leaves[first:])
    assert root_of(frontier) == _slow_root(leaves)
