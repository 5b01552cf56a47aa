"""Touch the audit log in every way: every change must be found, and the touched row named.

Every column of every record, leaf and checkpoint is changed once; rows are deleted, put in and swapped; the tail is
cut, an old database is brought back, and everything is computed again with the signing key. Changes of a round lie a
stride apart, and the rows named must be exactly those touched: so each is one change among untouched neighbours. A
sample of single changes stands beside it. The proofs of the tree are compared with the definitions of RFC 6962, and
proofs with a turned bit must be refused. Prints one JSON object; ends with 1 when something was not found.

    python tests/faults/fault_audit.py [--times ROWS] [--seed S] [--into FILE] [--short] [--planted]
"""

import random
import re
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parent)]
from covering import Cover  # noqa: E402 - path above
from plays import SQLITE, Play, main  # noqa: E402 - path above

ROWS, SHORT = 10_000, 1_000
TOLD = 10  # of what was missed, so many are told one by one
STRIDE = 8
BETWEEN = 20  # seconds from one record to the next
FAR = 10_000_000
OTHER = "CASE WHEN substr({0}, 1, 1) = 'a' THEN 'b' ELSE 'a' END || substr({0}, 2)"
# What each column becomes, by table; the key by which its rows are told comes first.
COLUMNS = {
    "audit_record": {
        "id": f"id + {FAR}",
        "uuid": "uuid || 'x'",
        "at": "substr(at, 1, 18) || ((substr(at, 19, 1) + 1) % 10) || substr(at, 20)",
        "actor": "actor || 'x'",
        "action": "action || 'x'",
        "subject": "subject || 'x'",
        "count": "count + 1",
        "digest": OTHER.format("digest"),
        "detail": '\'{"kind": "other"}\'',
    },
    "audit_leaf": {
        "position": f"position + {FAR}",
        "record_id": f"record_id + {FAR}",
        "hash": OTHER.format("hash"),
    },
    "audit_checkpoint": {
        "number": f"number + {FAR}",
        "epoch": "epoch + 1",
        "start": "start + 1",
        "size": f"size + {FAR}",
        "previous": OTHER.format("previous"),
        "root": OTHER.format("root"),
        "frontier": "'[]'",
        "at": "substr(at, 1, 18) || ((substr(at, 19, 1) + 1) % 10) || substr(at, 20)",
        "signature": OTHER.format("signature"),
    },
}
KEY = {table: next(iter(columns)) for table, columns in COLUMNS.items()}
NAMED = {
    "audit_record": re.compile(r"\b[Rr]ecord (\d+) \("),
    "audit_leaf": re.compile(r"\b[Ll]eaf (\d+)\b"),
    "audit_checkpoint": re.compile(r"Checkpoint (\d+)\b"),
}


@dataclass
class Log:
    """The log under attack, and what was counted."""

    folder: Path
    rows: int
    chance: random.Random
    tried: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    verified: list[float] = field(default_factory=list)

    def sentences(self, *, shipped: bool = False) -> tuple[str, ...]:
        """Verify as an auditor does, and return what is found besides the triggers, which are away on purpose."""
        from openhotline.audit.models import SecondPlace
        from openhotline.audit.services.verify import verify

        began = time.perf_counter()
        found = verify(shipped=SecondPlace(self.folder / "shipped") if shipped else None).faults
        self.verified.append(time.perf_counter() - began)
        return tuple(one for one in found if not one.startswith("The trigger"))

    def touched(self, *statements: str, shipped: bool = False) -> tuple[str, ...]:
        """Return what is found after these statements, and take them back."""
        from django.db import connection, transaction

        with transaction.atomic(), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            found = self.sentences(shipped=shipped)
            transaction.set_rollback(True)
        return found

    def note(self, what: str, *, found: bool, how: str) -> None:
        """Count one way of touching."""
        self.tried[what] += 1
        if not found:
            self.missed.append(f"{what}: {how}")


def keys_of(table: str) -> list[int]:
    """Return the keys of a table's rows, in order."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {KEY[table]} FROM {table} ORDER BY 1")
        return [key for (key,) in cursor.fetchall()]


def every_column_of_every_row(log: Log) -> None:
    """Change and delete every row of every table once, a stride apart, and want exactly those to be named."""
    for table, columns in COLUMNS.items():
        keys = keys_of(table)
        changes = {column: f"SET {column} = {to}" for column, to in columns.items()} | {"": ""}
        for column, change in changes.items():
            for offset in range(STRIDE):
                touched = set(keys[offset::STRIDE])
                where = f"WHERE {KEY[table]} IN ({', '.join(map(str, touched))})"
                statement = f"UPDATE {table} {change} {where}" if change else f"DELETE FROM {table} {where}"
                _count(log, table, column or "row deleted", touched, log.touched(statement))


def _count(log: Log, table: str, what: str, touched: set[int], found: tuple[str, ...]) -> None:
    named = {int(key) for sentence in found for key in NAMED[table].findall(sentence)}
    # A checkpoint at the end of the log has none after it: its leaves are found to stand under no checkpoint.
    if table == "audit_checkpoint" and any("stand under no checkpoint" in one for one in found):
        named.add(max(touched))
    for key in touched:
        log.note(f"{table}.{what}", found=key in named, how=f"row {key}")
    # A row whose own key was changed may be named under its new key as well.
    strange = {key for key in named - touched if key < FAR and (key - 1 not in touched or table != "audit_checkpoint")}
    if table == "audit_record" and strange:
        log.missed.append(f"{table}.{what}: rows named that nobody touched: {sorted(strange)[:5]}")


def single_changes(log: Log, many: int) -> None:
    """Change one column of one row at a time: a sample beside the rounds."""
    every = [(table, column) for table, columns in COLUMNS.items() for column in columns]
    keys = {table: keys_of(table) for table in COLUMNS}
    for _ in range(many):
        table, column = log.chance.choice(every)
        key = log.chance.choice(keys[table])
        found = log.touched(f"UPDATE {table} SET {column} = {COLUMNS[table][column]} WHERE {KEY[table]} = {key}")
        named = any(str(key) in NAMED[table].findall(one) or "no checkpoint" in one for one in found)
        log.note("one change at a time", found=named, how=f"{table}.{column} of row {key}: {found}")


def insert_and_swap(log: Log, many: int) -> None:
    """Put rows in between, and let two change places."""
    for _ in range(many):
        one, other = sorted(log.chance.sample(range(2, log.rows - 1), 2))
        insert = _squeeze_in(one)
        log.note("row put in with its leaf", found=bool(log.touched(*insert)), how=f"at {one}")
        late = log.touched(_copy_of(one, log.rows + 5))
        named = any(f"Record {log.rows + 5} (" in sentence for sentence in late)
        log.note("row put in behind, with an old time", found=named or one > log.rows - 200, how=f"like {one}: {late}")
        found = log.touched(*_swap(one, other))
        named = all(any(f"ecord {row} (" in sentence for sentence in found) for row in (one, other))
        log.note("two rows swapped", found=named, how=f"{one} and {other}: {found}")
        found = log.touched(*_swap_leaves(one, other))
        log.note("two leaves swapped", found=bool(found), how=f"{one} and {other}")


def _copy_of(row: int, new: int) -> str:
    return (
        "INSERT INTO audit_record (id, uuid, at, actor, action, subject, count, digest, detail) "
        f"SELECT {new}, 'aud_forged', at, 'per_other', action, subject, count, digest, detail FROM audit_record "
        f"WHERE id = {row}"
    )


def _squeeze_in(row: int) -> list[str]:
    # Positions count from 0 and records from 1, so the leaf of the record before is at row - 2.
    return [
        _copy_of(row, FAR),
        f"UPDATE audit_leaf SET position = -position - 1 WHERE position >= {row - 1}",
        "UPDATE audit_leaf SET position = -position WHERE position < 0",
        f"INSERT INTO audit_leaf (position, record_id, hash) VALUES ({row - 1}, {FAR}, '{'ab' * 32}')",
    ]


def _swap(one: int, other: int) -> list[str]:
    return [
        f"UPDATE audit_record SET id = -1 WHERE id = {one}",
        f"UPDATE audit_record SET id = {one} WHERE id = {other}",
        f"UPDATE audit_record SET id = {other} WHERE id = -1",
    ]


def _swap_leaves(one: int, other: int) -> list[str]:
    return [
        f"UPDATE audit_leaf SET position = -1 WHERE position = {one}",
        f"UPDATE audit_leaf SET position = {one} WHERE position = {other}",
        f"UPDATE audit_leaf SET position = {other} WHERE position = -1",
    ]


def cut_and_roll_back(log: Log, many: int) -> None:
    """Cut the tail at checkpoints, and bring old databases back: only the second place can show it."""
    from django.db import connection

    from openhotline.audit.models import Checkpoint

    sizes = list(Checkpoint.objects.order_by("size").values_list("size", flat=True))[:-1]
    for size in log.chance.sample(sizes, min(many, len(sizes))):
        statements = [
            f"DELETE FROM audit_checkpoint WHERE size > {size}",
            f"DELETE FROM audit_leaf WHERE position >= {size}",
            f"DELETE FROM audit_record WHERE id > {size}",
        ]
        found = log.touched(*statements, shipped=True)
        log.note("tail cut", found=any("tail was cut" in one for one in found), how=f"at {size}")
    database = Path(str(connection.settings_dict["NAME"]))
    for old in sorted(log.folder.glob("old-*.sqlite3")):
        connection.close()
        shutil.copy(database, log.folder / "present.sqlite3")
        _put(old, database)
        found = log.sentences(shipped=True)
        log.note("old database brought back", found=any("old database" in one for one in found), how=old.name)
        goes_on = _write(200, start=5_000_000)
        found = log.sentences(shipped=True)
        log.note("old database brought back and used", found=bool(found), how=f"{old.name}, {goes_on} records on")
        connection.close()
        _put(log.folder / "present.sqlite3", database)


def _put(source: Path, database: Path) -> None:
    for name in (f"{database}-wal", f"{database}-shm"):
        Path(name).unlink(missing_ok=True)
    shutil.copy(source, database)


def compute_again(log: Log, many: int) -> None:
    """Change a row and make leaves and checkpoints anew with the signing key, as somebody with everything could."""
    from django.db import connection, transaction

    from openhotline.audit.models import Checkpoint
    from openhotline.audit.services.seal import seal

    for _ in range(many):
        row = log.chance.randrange(1, log.rows)
        last = Checkpoint.objects.values_list("at", flat=True).latest("number")
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE audit_record SET actor = 'per_other' WHERE id = {row}")
            cursor.execute("DELETE FROM audit_leaf")
            cursor.execute("DELETE FROM audit_checkpoint")
            seal(now=last)
            alone, compared = log.sentences(), log.sentences(shipped=True)
            transaction.set_rollback(True)
        how = f"row {row}; without the second place: {len(alone)} faults"
        log.note("all computed again with the key", found=any("another root" in one for one in compared), how=how)


def proofs(log: Log, leaves: int) -> None:
    """Compare every proof up to this many leaves with the definitions, and turn a bit of each step of each."""
    from openhotline.audit.tests import test_tree as tree

    wrong = [*tree.wrong_inclusions(leaves), *tree.wrong_consistencies(leaves)]
    log.tried["proofs compared with the definition"] += leaves * (leaves + 1)
    log.missed += [f"proof {pair} is not the definition's" for pair in wrong]
    for size in range(1, leaves + 1):
        root = tree.mth(0, size)
        for place in range(size):
            for bad in _turned(tree.TREE.inclusion(place, size), log.chance):
                holds = tree.is_included(tree.LEAVES[place], index=place, size=size, path=bad, root=root)
                log.note("inclusion proofs with a turned bit", found=not holds, how=f"{place} of {size}")
            if not place:
                continue
            ends = {"first": place, "size": size, "first_root": tree.mth(0, place), "root": root}
            for bad in _turned(tree.TREE.consistency(place, size), log.chance):
                holds = tree.is_consistent(**ends, path=bad)
                log.note("consistency proofs with a turned bit", found=not holds, how=f"{place} of {size}")


def _turned(path: list[bytes], chance: random.Random) -> Iterator[list[bytes]]:
    for place, step in enumerate(path):
        bad = int.from_bytes(step) ^ (1 << chance.randrange(256))
        yield [*path[:place], bad.to_bytes(32), *path[place + 1 :]]


def _write(many: int, start: int = 0) -> int:
    """Write records as operations do, sealed every few; return how many there are."""
    from datetime import timedelta

    from django.conf import settings
    from django.db import transaction

    from openhotline.audit.models import Record, SecondPlace
    from openhotline.audit.services.record import record
    from openhotline.audit.services.seal import seal
    from openhotline.audit.services.ship_checkpoints import ship_checkpoints
    from openhotline.core.clock import now

    begins = now() + timedelta(seconds=BETWEEN * Record.objects.count())
    chance = random.Random(start + many)
    done = 0
    while done < many:
        step = min(chance.randrange(20, 200), many - done)
        with transaction.atomic():
            for n in range(done, done + step):
                record(
                    actor=f"per_{chance.randrange(20)}",
                    action=chance.choice(["view_granted", "item_assessed", "items_sealed"]),
                    subject=f"itm_{start + n}",
                    now=begins + timedelta(seconds=BETWEEN * n),
                    ids=range(chance.randrange(5)),
                    detail={"kind": "reveal", "size": chance.randrange(9000)},
                )
        done += step
        seal(now=begins + timedelta(seconds=BETWEEN * done))
        if start == 0:
            ship_checkpoints(to=SecondPlace(Path(settings.VAR) / "shipped"))
    return int(Record.objects.count())


def build(log: Log) -> None:
    """Make the log, keep copies of the database on the way, and take the triggers away as an owner can."""
    from django.db import connection

    from openhotline.audit.models.guards import TABLES, VERBS

    for part in range(4):
        _write(log.rows // 4)
        if part < 3:
            with connection.cursor() as cursor:
                cursor.execute(f"VACUUM INTO '{log.folder / f'old-{part}.sqlite3'}'")
    assert log.sentences(shipped=True) == (), "an untouched log is whole"
    with connection.cursor() as cursor:
        for table in TABLES:
            for verb in VERBS["sqlite"]:
                cursor.execute(f"DROP TRIGGER {table}_{verb}")


def plant() -> None:
    """Let the hash of a record leave out how many things it speaks of."""
    from openhotline.audit.models import Record

    whole: Callable[[Record], bytes] = Record.content.fget  # type: ignore[attr-defined]

    def shorter(row: Record) -> bytes:
        count, row.count = row.count, 0
        content = whole(row)
        row.count = count
        return content

    Record.content = property(shorter)  # type: ignore[assignment, method-assign]


def play(folder: Path, rows: int, seed: int, *, planted: str) -> dict[str, Any]:
    """Build a log of so many records, touch it, count."""
    from openhotline.audit.models import Checkpoint

    if planted:
        plant()
    log = Log(folder, rows - rows % 4, random.Random(seed))
    singles, leaves = max(6, min(200, rows // 33)), max(6, min(300, rows // 17))
    build(log)
    every_column_of_every_row(log)
    single_changes(log, singles)
    insert_and_swap(log, max(3, singles // 10))
    cut_and_roll_back(log, max(3, singles // 10))
    compute_again(log, 3)
    proofs(log, leaves)
    more = len(log.missed) - TOLD
    return {
        "changes": log.tried.total(),
        "missed": len(log.missed),
        "rows": log.rows,
        "checkpoints": Checkpoint.objects.count(),
        "tried": dict(log.tried),
        "verifications": len(log.verified),
        "seconds_verifying": round(sum(log.verified), 1),
        "faults": log.missed[:TOLD] + ([f"and {more} more"] if more > 0 else []),
    }


def columns() -> list[str]:
    """Return every column and row that must have been touched, as it is counted."""
    return [f"{table}.{one}" for table, kinds in COLUMNS.items() for one in (*kinds, "row deleted")]


PLAYS = (
    Play(
        __file__,
        __doc__,
        play,
        ROWS,
        SHORT,
        "a record's hash leaves a column out",
        databases=SQLITE,
        zero={"missed": "changes"},
        covers=(Cover("columns", "tried", columns),),
    ),
)

if __name__ == "__main__":
    main(PLAYS)
