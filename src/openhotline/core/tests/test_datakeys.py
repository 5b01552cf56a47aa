"""Data keys lie apart, wrapped by an epoch; what was destroyed never comes back."""

import secrets
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from openhotline.core import datakeys, keys
from openhotline.core.crypto import DoesNotOpen
from openhotline.core.datakeys import DataKeys, KeyMissing
from openhotline.core.errors import Misconfigured, NotNow


@pytest.fixture
def store(tmp_path: Path) -> DataKeys:
    """A key store of its own, with one epoch."""
    keys.make_missing(tmp_path)
    return DataKeys(tmp_path)


def new_epoch(store: DataKeys) -> int:
    """Make the next epoch and begin it."""
    number = store.epochs()[-1].number + 1
    keys.make_epoch(store.folder, number, secrets.token_bytes(32))
    store.begin_epoch(number)
    return number


def rotate(store: DataKeys, batch: int = 500) -> int:
    """Wrap everything anew; return how many."""
    return sum(store.rewrap(batch=batch))


def row(store: DataKeys, statement: str, *values: object) -> None:
    """Change the file as somebody with the disk at hand would."""
    with closing(sqlite3.connect(store.path)) as raw, raw:
        raw.execute(statement, values)


def test_a_key_is_found_again(store: DataKeys) -> None:
    made = store.make(["itm_1", "itm_2"])
    assert store.get("itm_1") == made["itm_1"] != made["itm_2"]
    assert store.get_many(["itm_2", "itm_3"]) == {"itm_2": made["itm_2"]}


def test_a_key_that_was_never_made_is_missing(store: DataKeys) -> None:
    with pytest.raises(KeyMissing, match="itm_1"):
        store.get("itm_1")


def test_the_file_is_its_owners_alone(store: DataKeys) -> None:
    store.make(["itm_1"])
    assert store.path.stat().st_mode & 0o777 == 0o600


def test_the_file_holds_no_key_in_clear(store: DataKeys) -> None:
    made = store.make(["itm_1"])
    assert made["itm_1"].raw not in store.path.read_bytes()


def test_a_key_in_anothers_row_does_not_open(store: DataKeys) -> None:
    store.make(["itm_1", "itm_2"])
    row(store, "UPDATE data_key SET wrapped = (SELECT wrapped FROM data_key WHERE name = 'itm_2') WHERE name = 'itm_1'")
    with pytest.raises(DoesNotOpen):
        store.get("itm_1")


def test_a_key_that_claims_another_epoch_does_not_open(store: DataKeys) -> None:
    store.make(["itm_1"])
    new_epoch(store)
    row(store, "UPDATE data_key SET epoch = 2")
    with pytest.raises(DoesNotOpen):
        store.get("itm_1")


def test_rotation_wraps_anew_and_opens_to_the_same_key(store: DataKeys) -> None:
    made = store.make([f"itm_{n}" for n in range(7)])
    before = store.wrapped(made)
    assert (new_epoch(store), rotate(store, batch=3)) == (2, 7)
    assert store.get_many(made) == made
    assert {epoch for epoch, _ in store.wrapped(made).values()} == {2}
    assert all(before[name][1] != wrapped for name, (_, wrapped) in store.wrapped(made).items())


def test_rotation_goes_on_where_it_was_ended(store: DataKeys) -> None:
    store.make([f"itm_{n}" for n in range(7)])
    new_epoch(store)
    assert next(store.rewrap(batch=3)) == 3
    assert [epoch.keys for epoch in store.epochs()] == [4, 3]
    assert rotate(store) == 4


def test_a_new_key_is_of_the_current_epoch(store: DataKeys) -> None:
    new_epoch(store)
    assert store.wrapped(store.make(["itm_1"]))["itm_1"][0] == 2


def test_an_epoch_begins_only_with_its_key_and_in_order(store: DataKeys) -> None:
    store.make(["itm_1"])
    with pytest.raises(Misconfigured, match="The key epoch-2"):
        store.begin_epoch(2)
    keys.make_epoch(store.folder, 3, b"k" * 32)
    with pytest.raises(NotNow, match="next epoch is 2"):
        store.begin_epoch(3)


def test_an_epoch_that_wraps_a_key_is_not_retired(store: DataKeys) -> None:
    store.make(["itm_1"])
    with pytest.raises(NotNow, match="not behind"):
        store.retire_epoch(1)
    new_epoch(store)
    with pytest.raises(NotNow, match="wraps 1 data keys"):
        store.retire_epoch(1)
    rotate(store)
    store.retire_epoch(1)
    assert [bool(epoch.retired_at) for epoch in store.epochs()] == [True, False]


def test_without_the_epoch_key_a_copy_of_the_store_opens_nothing(store: DataKeys, tmp_path: Path) -> None:
    """What a backup of the key store is worth once its epoch was retired and its key destroyed."""
    store.make(["itm_1"])
    (tmp_path / "old").mkdir()
    store.copy_to(tmp_path / "old" / datakeys.FILE)
    new_epoch(store)
    rotate(store)
    store.retire_epoch(1)
    keys.destroy(store.folder / "epoch-1.key")
    (tmp_path / "old" / "epoch-2.key").write_bytes((store.folder / "epoch-2.key").read_bytes())
    with pytest.raises(Misconfigured, match="The key epoch-1"):
        DataKeys(tmp_path / "old").get("itm_1")


def test_what_was_destroyed_is_gone_from_every_byte(store: DataKeys) -> None:
    """Also out of freed pages and the write-ahead file, while another keeps the file open."""
    store.make([f"itm_{n}" for n in range(20)])
    with closing(sqlite3.connect(store.path)) as other:
        other.execute("SELECT count(*) FROM data_key").fetchone()
        wrapped = [one for _, one in store.wrapped(f"itm_{n}" for n in range(10)).values()]
        assert store.destroy([f"itm_{n}" for n in range(10)], purge="prg_1") == 10
        left = b"".join(path.read_bytes() for path in store.folder.glob(f"{datakeys.FILE}*"))
    assert not [one for one in wrapped if one in left]
    assert len(store.get_many(f"itm_{n}" for n in range(20))) == 10


@pytest.fixture
def reader(store: DataKeys, monkeypatch: pytest.MonkeyPatch) -> Iterator[sqlite3.Connection]:
    """Somebody who reads the file and does not come to an end; nobody waits long for it."""
    monkeypatch.setattr(datakeys, "LOG_SECONDS", 0.1)
    store.make(["itm_1", "itm_2"])
    with closing(sqlite3.connect(store.path, isolation_level=None)) as reading:
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM data_key").fetchone()
        yield reading


def _lies_there(store: DataKeys, wrapped: bytes) -> bool:
    return any(wrapped in path.read_bytes() for path in store.folder.glob(f"{datakeys.FILE}*"))


def test_while_somebody_reads_a_key_is_not_said_to_be_destroyed(store: DataKeys, reader: sqlite3.Connection) -> None:
    """Its traces are left in the file for as long; done again after that, they are gone."""
    _, wrapped = store.wrapped(["itm_1"])["itm_1"]
    with pytest.raises(NotNow, match="traces of what was destroyed are left"):
        store.destroy(["itm_1"], purge="prg_1")
    assert _lies_there(store, wrapped)
    reader.close()
    assert store.destroy(["itm_1"], purge="prg_1") == 0
    assert not _lies_there(store, wrapped)
    assert store.get("itm_2")


def test_planted_bug_the_answer_of_the_checkpoint_left_unread_traces_would_stay(
    store: DataKeys, reader: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, wrapped = store.wrapped(["itm_1"])["itm_1"]
    monkeypatch.setattr(DataKeys, "_emptied_log", lambda _store: True)
    assert store.destroy(["itm_1"], purge="prg_1") == 1
    assert _lies_there(store, wrapped)


def test_planted_bug_without_overwriting_a_destroyed_key_stays_in_the_file(
    store: DataKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.make([f"itm_{n}" for n in range(20)])
    wrapped = [one for _, one in store.wrapped(f"itm_{n}" for n in range(10)).values()]
    with closing(sqlite3.connect(store.path)) as careless, careless:
        careless.execute("PRAGMA secure_delete=OFF")
        careless.execute("DELETE FROM data_key")
    left = b"".join(path.read_bytes() for path in store.folder.glob(f"{datakeys.FILE}*"))
    assert [one for one in wrapped if one in left]


def test_a_destroyed_name_gets_no_other_key(store: DataKeys) -> None:
    store.make(["itm_1"])
    store.destroy(["itm_1"], purge="prg_1")
    assert store.destroy(["itm_1"], purge="prg_2") == 0
    assert store.tombstones() == {"itm_1": "prg_1"}
    with pytest.raises(sqlite3.IntegrityError, match="was purged"):
        store.make(["itm_1"])


def test_the_age_of_a_key_is_the_machines(store: DataKeys) -> None:
    store.make(["itm_aa", "itm_bb"])
    assert store.aged("aa", seconds=-1) == ["itm_aa"]
    assert store.aged("aa", seconds=3600) == []


def test_two_processes_that_start_together_make_one_store(tmp_path: Path) -> None:
    keys.make_missing(tmp_path)
    first, second = DataKeys(tmp_path), DataKeys(tmp_path)
    first.make(["itm_1"])
    second.make(["itm_2"])
    assert len(first.get_many(["itm_1", "itm_2"])) == 2


class Lifetime(RuleBasedStateMachine):
    """Make, rotate in part, retire and destroy in any order: what was made opens, what was destroyed does not."""

    @initialize()
    def begin(self) -> None:
        """Start with one epoch and no key."""
        self.folder = tempfile.TemporaryDirectory(prefix="openhotline-keys-")
        keys.make_missing(Path(self.folder.name))
        self.store = DataKeys(Path(self.folder.name))
        self.live: dict[str, datakeys.DataKey] = {}
        self.gone: set[str] = set()

    @rule(count=st.integers(1, 4))
    def make(self, count: int) -> None:
        """Make some keys."""
        start = len(self.live) + len(self.gone)
        self.live |= self.store.make([f"itm_{start + n}" for n in range(count)])

    @rule()
    def begin_next(self) -> None:
        """Begin the next epoch."""
        new_epoch(self.store)

    @rule()
    def rewrap_some(self) -> None:
        """Rotate in part."""
        next(self.store.rewrap(batch=2), None)

    @rule()
    def retire_what_may(self) -> None:
        """Retire every epoch that wraps nothing any more, and destroy its key."""
        for epoch in self.store.epochs()[:-1]:
            if not epoch.keys:
                self.store.retire_epoch(epoch.number)
                keys.destroy(self.store.folder / keys.epoch_name(epoch.number))

    @precondition(lambda self: self.live)
    @rule(place=st.integers(0, 99))
    def destroy(self, place: int) -> None:
        """Destroy one key."""
        name = sorted(self.live)[place % len(self.live)]
        self.store.destroy([name], purge="prg_1")
        del self.live[name]
        self.gone.add(name)

    @invariant()
    def what_is_there_opens(self) -> None:
        """What was made opens to the same key; what was destroyed is not there."""
        if hasattr(self, "store"):
            assert self.store.get_many([*self.live, *self.gone]) == self.live

    def teardown(self) -> None:
        """Remove the folder."""
        if hasattr(self, "folder"):
            self.folder.cleanup()


@pytest.mark.slow
class TestLifetime(Lifetime.TestCase):  # type: ignore[misc] # hypothesis makes the class
    """Twenty lives of a key store."""

    settings = settings(max_examples=20, stateful_step_count=20)
