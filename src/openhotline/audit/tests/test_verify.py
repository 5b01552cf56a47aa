"""The auditor verifies the log."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from openhotline.audit.models import Record, SecondPlace
from openhotline.audit.services.record import record
from openhotline.audit.services.seal import seal
from openhotline.audit.services.ship_checkpoints import ship_checkpoints
from openhotline.audit.services.verify import verify

pytestmark = pytest.mark.django_db

Write = Callable[[int], list[Record]]
Run = Callable[[str], None]


@pytest.fixture
def log(write: Write) -> list[Record]:
    """Five records, sealed."""
    return write(5)


def faults(place: SecondPlace | None = None) -> list[str]:
    """Return what is found besides the triggers that a test took away."""
    return [sentence for sentence in verify(shipped=place).faults if "trigger" not in sentence]


def test_an_untouched_log_is_whole(log: list[Record]) -> None:
    found = verify()
    assert found.ok
    assert (found.records, found.checkpoints, found.unsealed) == (5, 1, 0)


def test_what_waited_long_and_filled_several_epochs_is_whole(
    log: list[Record], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker was down for a night: one sealing signs many checkpoints, each later than all it covers."""
    monkeypatch.setattr("openhotline.audit.services.seal.RECORDS_AN_EPOCH", 3)
    for number in range(9):
        record(actor="per_a", action="x", subject=f"itm_{number}", now=now + timedelta(minutes=number))
    seal(now=now + timedelta(hours=8))
    assert (faults(), verify().checkpoints > 3) == ([], True)


@pytest.mark.parametrize(
    "change",
    [
        "uuid = 'aud_x'",
        "at = '2026-11-21 12:00:01+00:00'",
        "actor = 'per_b'",
        "action = 'x'",
        "subject = 'itm_9'",
        "count = 9",
        "digest = 'x'",
        "detail = '{\"a\":1}'",
        "id = id + 1000",
    ],
)
def test_a_changed_column_is_named(log: list[Record], as_owner: Run, change: str) -> None:
    as_owner(f"UPDATE audit_record SET {change} WHERE id = {log[2].pk}")
    assert f"Record {log[2].pk} " in faults()[0]
    assert verify().found[0].record == log[2].pk


def test_a_deleted_record_is_named(log: list[Record], as_owner: Run) -> None:
    as_owner(f"DELETE FROM audit_record WHERE id = {log[1].pk}")
    assert faults() == [f"Record {log[1].pk} (leaf 1) was deleted."]


def test_a_changed_leaf_is_told_from_a_changed_record(log: list[Record], as_owner: Run) -> None:
    as_owner(f"UPDATE audit_leaf SET hash = '{'00' * 32}' WHERE position = 3")
    (fault,) = faults()
    assert fault.startswith("Leaf 3 was changed")
    assert "is as it was signed" in fault


def test_a_missing_leaf_is_named_with_its_record(log: list[Record], as_owner: Run) -> None:
    as_owner("DELETE FROM audit_leaf WHERE position = 3")
    assert faults()[0].startswith(f"Leaf 3 is missing; it stood for record {log[3].pk} ")


def test_a_record_changed_with_its_leaf_breaks_the_root(log: list[Record], as_owner: Run) -> None:
    as_owner(f"UPDATE audit_record SET actor = 'per_b' WHERE id = {log[2].pk}")
    leaf = Record.objects.get(pk=log[2].pk).leaf.hex()
    as_owner(f"UPDATE audit_leaf SET hash = '{leaf}' WHERE position = 2")
    (fault,) = faults()
    assert "its root does not follow" in fault
    assert "1 to 5" in fault


def test_a_missing_checkpoint_is_named(write: Write, as_owner: Run) -> None:
    write(2), write(2), write(2)
    as_owner("DELETE FROM audit_checkpoint WHERE number = 2")
    assert faults() == ["Checkpoint 2 is missing; the next one is 3."]


def test_leaves_without_their_last_checkpoint_are_seen(write: Write, as_owner: Run) -> None:
    write(2), write(2)
    as_owner("DELETE FROM audit_checkpoint WHERE number = 2")
    assert faults() == ["Leaf 2 and those after it stand under no checkpoint."]


@pytest.mark.parametrize(
    "change",
    [
        "number = 9", "epoch = 9", "start = 1", "size = 9", "previous = 'x'", "root = 'x'",
        "at = '2026-11-21 12:00:01+00:00'", f"signature = '{'00' * 68}'",
    ],
)  # fmt: skip
def test_a_forged_checkpoint_does_not_hold(log: list[Record], as_owner: Run, change: str) -> None:
    as_owner(f"UPDATE audit_checkpoint SET {change}")
    assert any("signature does not hold" in fault for fault in faults())


def test_a_changed_frontier_is_seen(log: list[Record], as_owner: Run) -> None:
    as_owner("UPDATE audit_checkpoint SET frontier = '[]'")
    assert faults() == ["Checkpoint 1: its frontier was changed."]


def test_damage_in_one_epoch_says_nothing_against_the_next(write: Write, small_epochs: None, as_owner: Run) -> None:
    """As one flipped bit once ended a public log for good."""
    rows = write(12)
    as_owner(f"UPDATE audit_leaf SET hash = '{'00' * 32}' WHERE position = 1")
    as_owner(f"UPDATE audit_record SET actor = 'per_b' WHERE id = {rows[1].pk}")
    assert [fault.split(" ")[0] for fault in faults()] == ["Record", "Checkpoint"]
    as_owner(f"UPDATE audit_record SET actor = 'per_b' WHERE id = {rows[9].pk}")
    assert faults()[-1].startswith(f"Record {rows[9].pk} ")


def test_a_record_put_in_later_is_named(log: list[Record], now: datetime) -> None:
    """Whoever can write to the table can append; not with a time before the checkpoint that does not have it."""
    late = record(actor="per_b", action="seen", subject="itm_1", now=now - timedelta(hours=2))
    assert [fault.startswith(f"Record {late.pk} ") for fault in faults()] == [True]
    seal(now=now + timedelta(minutes=1))
    assert [f"Record {late.pk} " in fault and "put in later" in fault for fault in faults()] == [True]


def test_a_guard_that_is_gone_is_seen(log: list[Record], as_owner: Run) -> None:
    as_owner("SELECT 1")
    assert len([fault for fault in verify().faults if "trigger" in fault]) == 9


def test_a_cut_tail_is_seen_from_the_second_place(write: Write, as_owner: Run, place: SecondPlace) -> None:
    write(3)
    rows = write(2)
    ship_checkpoints(to=place)
    for statement in (
        "DELETE FROM audit_checkpoint WHERE number = 2",
        "DELETE FROM audit_leaf WHERE position >= 3",
        f"DELETE FROM audit_record WHERE id >= {rows[0].pk}",
    ):
        as_owner(statement)
    assert faults() == []
    assert ["tail was cut" in fault for fault in faults(place)] == [True]


def test_a_log_computed_again_as_a_whole_is_seen_from_the_second_place(
    write: Write, as_owner: Run, place: SecondPlace, small_epochs: None, now: datetime
) -> None:
    """With the signing key everything can be made again, but what was shipped stays."""
    rows = write(6)
    ship_checkpoints(to=place)
    as_owner("DELETE FROM audit_leaf")
    as_owner("DELETE FROM audit_checkpoint")
    as_owner(f"UPDATE audit_record SET actor = 'per_b' WHERE id = {rows[1].pk}")
    seal(now=now)
    assert faults() == []
    assert ["another root" in fault for fault in faults(place)] == [True, True]


def test_a_whole_log_agrees_with_the_second_place(write: Write, place: SecondPlace, small_epochs: None) -> None:
    for _ in range(4):
        write(3)
        ship_checkpoints(to=place)
    found = verify(shipped=place)
    assert found.ok
    assert found.shipped >= 4


def test_a_forged_file_in_the_second_place_is_seen(log: list[Record], place: SecondPlace) -> None:
    ship_checkpoints(to=place)
    (path,) = place.folder.rglob("*.checkpoint")
    path.write_text(path.read_text().replace("records 5", "records 6").replace("\n6\n", "\n7\n"))
    assert any("signature does not hold" in fault for fault in faults(place))


@pytest.mark.parametrize("table", ["audit_record", "audit_leaf", "audit_checkpoint"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = 9", "DELETE FROM {}", "TRUNCATE {}", "replace"])
def test_the_database_refuses_to_change_the_log(log: list[Record], table: str, statement: str) -> None:
    column = {"audit_record": "count", "audit_leaf": "record_id", "audit_checkpoint": "start"}[table]
    if statement == "replace":
        statement = "REPLACE INTO {} SELECT * FROM {}".replace("{}", table)
    if statement.partition(" ")[0] in {"sqlite": "TRUNCATE", "postgresql": "REPLACE"}[connection.vendor]:
        pytest.skip("this database has no such statement")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table, column))


def test_rows_come_in_chunks_however_long_the_log_is(
    write: Write, small_epochs: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So the memory that is needed does not grow with it."""
    monkeypatch.setattr("openhotline.audit.services.verify.CHUNK", 2)
    write(8)
    asked: list[int] = []

    def watch(execute: Callable[..., object], sql: str, params: Sequence[object], *rest: object) -> object:
        if "audit_record" in sql and " IN (" in sql:
            asked.append(len(params))
        return execute(sql, params, *rest)

    with connection.execute_wrapper(watch):
        assert verify().ok
    assert (max(asked), len(asked)) == (2, 4)


def test_progress_is_told(log: list[Record]) -> None:
    told: list[tuple[int, int]] = []
    verify(tell=lambda done, of: told.append((done, of)))
    assert told[-1] == (5, 5)


def test_planted_bug_a_verifier_that_trusts_the_rows_sees_nothing(
    log: list[Record], as_owner: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If leaves were not recomputed, the change would pass: the check is what catches it."""
    as_owner(f"UPDATE audit_record SET actor = 'per_b' WHERE id = {log[2].pk}")
    monkeypatch.setattr("openhotline.audit.services.verify._Reading._judge", lambda *_: iter(()))
    monkeypatch.setattr("openhotline.audit.services.verify._Reading._name_records", lambda *_: iter(()))
    assert faults() == []
