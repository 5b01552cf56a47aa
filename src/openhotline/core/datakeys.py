"""The key store: the data key of every object, wrapped by an epoch key, in a file of its own.

It is no part of the database, so that no dump, replica or backup of the database holds a key, and a purge needs to
reach this one place only (docs/adr/0006). Each key is wrapped by the epoch that was current when it was written;
rotation wraps it again and leaves the object alone. A key that was destroyed leaves a tombstone, and its name never
gets another.
"""

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Literal

from django.conf import settings

from openhotline.core import keys
from openhotline.core.crypto import lock, unlock
from openhotline.core.durable import flush_file, flush_folder, make_folder
from openhotline.core.errors import Missing, NotNow
from openhotline.core.sealing import DataKey, new_data_key

FILE = keys.STORE
BATCH = 500
WAIT_SECONDS = 60.0
LOG_SECONDS = 20.0
"""How long readers are waited for until the write-ahead file can be emptied."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS epoch (number INTEGER PRIMARY KEY, made_at TEXT NOT NULL, retired_at TEXT);
CREATE TABLE IF NOT EXISTS data_key (
    name TEXT PRIMARY KEY, epoch INTEGER NOT NULL REFERENCES epoch, wrapped BLOB NOT NULL, made_at TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS data_key_epoch ON data_key (epoch);
CREATE INDEX IF NOT EXISTS data_key_part ON data_key (substr(name, -2), made_at);
CREATE TABLE IF NOT EXISTS tombstone (name TEXT PRIMARY KEY, purge TEXT NOT NULL, at TEXT NOT NULL) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS no_key_after_purge BEFORE INSERT ON data_key
WHEN EXISTS (SELECT 1 FROM tombstone WHERE name = NEW.name)
BEGIN SELECT RAISE(ABORT, 'this object was purged'); END;
"""


class KeyMissing(Missing):
    """There is no data key of this name: it was purged, or never made here."""


@dataclass(frozen=True)
class Epoch:
    """One epoch: ``keys`` data keys are wrapped by it. ``has_file`` says whether its key can be read here."""

    number: int
    made_at: str
    retired_at: str | None
    keys: int
    has_file: bool


class DataKeys:
    """The key store beside the epoch keys in ``folder``. Every call opens the file anew and is whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / FILE

    def make(self, names: Sequence[str]) -> dict[str, DataKey]:
        """Make a data key for each name, wrapped by the current epoch; durable when this returns.

        Raises sqlite3.IntegrityError for a name that has a key already or was purged.
        """
        made = {name: new_data_key() for name in names}
        with self._writing() as store:
            epoch = _current(store)
            key, at = self._epoch_key(epoch), _machine_now()
            rows = ((name, epoch, _wrap(key, epoch, name, one.raw), at) for name, one in made.items())
            store.executemany("INSERT INTO data_key VALUES (?, ?, ?, ?)", rows)
        return made

    def get(self, name: str) -> DataKey:
        """Return the key of one object. Raises KeyMissing, DoesNotOpen."""
        found = self.get_many([name])
        if name not in found:
            raise KeyMissing(
                f"There is no data key of {name}: it was purged, or the key store is not the one it needs."
            )
        return found[name]

    def get_many(self, names: Iterable[str]) -> dict[str, DataKey]:
        """Return the keys of those objects that have one. Raises DoesNotOpen when a row was touched."""
        found: dict[str, DataKey] = {}
        with self._reading() as store:
            for some in _lots(names):
                question = f"SELECT name, epoch, wrapped FROM data_key WHERE name IN ({_marks(some)})"  # noqa: S608 - marks
                for name, epoch, wrapped in store.execute(question, some):
                    found[name] = DataKey(_unwrap(self._epoch_key(epoch), epoch, name, wrapped))
        return found

    def wrapped(self, names: Iterable[str]) -> dict[str, tuple[int, bytes]]:
        """Return epoch and wrapped key of those objects that have one, as they lie in the file."""
        found: dict[str, tuple[int, bytes]] = {}
        with self._reading() as store:
            for some in _lots(names):
                question = f"SELECT name, epoch, wrapped FROM data_key WHERE name IN ({_marks(some)})"  # noqa: S608 - marks
                found |= {name: (epoch, wrapped) for name, epoch, wrapped in store.execute(question, some)}
        return found

    def take_in(self, raw: Mapping[str, bytes]) -> None:
        """Keep data keys that were made elsewhere (a migration), wrapped by the current epoch; known names stay."""
        with self._writing() as store:
            epoch = _current(store)
            key, at = self._epoch_key(epoch), _machine_now()
            rows = ((name, epoch, _wrap(key, epoch, name, one), at) for name, one in raw.items())
            store.executemany("INSERT OR IGNORE INTO data_key VALUES (?, ?, ?, ?)", rows)

    def destroy(self, names: Iterable[str], *, purge: str) -> int:
        """Destroy keys, leave tombstones in the same transaction, and return how many keys there were.

        Freed pages are overwritten and the write-ahead file is emptied. Again changes nothing. Raises NotNow while
        somebody reads the file for so long that it cannot be emptied: the keys are destroyed, and traces of them are
        left until this is done again.
        """
        gone, at = 0, _machine_now()
        with self._writing() as store:
            for some in _lots(names):
                marks = ((name, purge, at) for name in some)
                store.executemany("INSERT OR IGNORE INTO tombstone VALUES (?, ?, ?)", marks)
                gone += store.execute(f"DELETE FROM data_key WHERE name IN ({_marks(some)})", some).rowcount  # noqa: S608
        self._check_log_emptied()
        return gone

    def forget(self, names: Iterable[str]) -> int:
        """Remove the keys of objects that never came to be, without a tombstone; return how many there were."""
        gone = 0
        with self._writing() as store:
            for some in _lots(names):
                gone += store.execute(f"DELETE FROM data_key WHERE name IN ({_marks(some)})", some).rowcount  # noqa: S608
        return gone

    def aged(self, ending: str, *, seconds: float) -> list[str]:
        """Return the names ending so whose key was made longer ago than this, by the machine's clock."""
        before = _text(datetime.now(UTC) - timedelta(seconds=seconds))
        with self._reading() as store:
            question = "SELECT name FROM data_key WHERE substr(name, -2) = ? AND made_at < ? ORDER BY name"
            return [name for (name,) in store.execute(question, (ending, before))]

    def count(self) -> int:
        """Return how many keys there are."""
        with self._reading() as store:
            return int(store.execute("SELECT count(*) FROM data_key").fetchone()[0])

    def tombstones(self) -> dict[str, str]:
        """Return name -> purge of every key that was destroyed."""
        with self._reading() as store:
            return dict(store.execute("SELECT name, purge FROM tombstone ORDER BY name").fetchall())

    def epochs(self) -> list[Epoch]:
        """Return every epoch, the current one last."""
        with self._reading() as store:
            counts = dict(store.execute("SELECT epoch, count(*) FROM data_key GROUP BY epoch").fetchall())
            rows = store.execute("SELECT number, made_at, retired_at FROM epoch ORDER BY number").fetchall()
        there = set(keys.epochs_in(self.folder))
        return [Epoch(number, made, gone, counts.get(number, 0), number in there) for number, made, gone in rows]

    def begin_epoch(self, number: int) -> None:
        """Make an epoch the current one; its key lies in the folder already. Again changes nothing."""
        self._epoch_key(number)
        with self._writing() as store:
            if number != _current(store) + 1 and not _known(store, number):
                raise NotNow(f"The next epoch is {_current(store) + 1}, not {number}.")
            store.execute("INSERT OR IGNORE INTO epoch VALUES (?, ?, NULL)", (number, _machine_now()))

    def retire_epoch(self, number: int) -> None:
        """Note that an epoch's key may be destroyed. Raises NotNow while it is current or still wraps a key."""
        with self._writing() as store:
            if number >= _current(store):
                raise NotNow(f"Epoch {number} is not behind the current one. Begin a new epoch and rotate first.")
            (left,) = store.execute("SELECT count(*) FROM data_key WHERE epoch = ?", (number,)).fetchone()
            if left:
                raise NotNow(f"Epoch {number} still wraps {left} data keys. Run `openhotline key rotate` first.")
            store.execute("UPDATE epoch SET retired_at = ? WHERE number = ?", (_machine_now(), number))
        self._check_log_emptied()

    def rewrap(self, *, batch: int = BATCH) -> Iterator[int]:
        """Wrap what an earlier epoch wraps by the current one, a batch a transaction; yield how many each time.

        What is not on the current epoch is what is left to do, so it goes on wherever it was ended. A new wrap is
        opened again before it takes the place of the old one.
        """
        while done := self._rewrap_some(batch):
            yield done
        # What stays of former wraps opens with the former epoch's key, and it is not retired before the log is empty.
        self._emptied_log()

    def _rewrap_some(self, batch: int) -> int:
        with self._writing() as store:
            epoch = _current(store)
            key = self._epoch_key(epoch)
            question = "SELECT name, epoch, wrapped FROM data_key WHERE epoch < ? ORDER BY epoch LIMIT ?"
            rows = store.execute(question, (epoch, batch)).fetchall()
            for name, old, wrapped in rows:
                raw = _unwrap(self._epoch_key(old), old, name, wrapped)
                again = _wrap(key, epoch, name, raw)
                if _unwrap(key, epoch, name, again) != raw:
                    raise NotNow(f"The key of {name} did not open after it was wrapped anew. Nothing was changed.")
                store.execute("UPDATE data_key SET epoch = ?, wrapped = ? WHERE name = ?", (epoch, again, name))
        return len(rows)

    def copy_to(self, path: Path) -> None:
        """Write a consistent copy while others read and write (SQLite's backup); its folder is made if it is not there.

        Nobody else may read it at any moment, and it is durable when this returns. Raises OSError, FileExistsError.
        """
        make_folder(path.parent, 0o700)
        # Made with its mode before the first page is in it: SQLite would make it as the umask says.
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with self._reading() as store, closing(sqlite3.connect(path)) as copy:
            store.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        flush_file(path)
        flush_folder(path.parent)

    def _epoch_key(self, number: int) -> bytes:
        return keys.load(keys.epoch_name(number), self.folder)

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with closing(self._opened()) as store:
            yield store

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with closing(self._opened()) as store:
            store.execute("BEGIN IMMEDIATE")
            with store:
                yield store

    def _opened(self) -> sqlite3.Connection:
        made = not self.path.exists()
        level: Literal["IMMEDIATE"] | None = None
        store = sqlite3.connect(self.path, timeout=WAIT_SECONDS, isolation_level=level)
        try:
            # FULL: a commit survives a power cut. secure_delete: what is deleted is overwritten.
            store.executescript("PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON;")
            if made or not store.execute("PRAGMA user_version").fetchone()[0]:
                self._begin(store)
        except BaseException:
            store.close()
            raise
        return store

    def _begin(self, store: sqlite3.Connection) -> None:
        self.path.chmod(0o600)
        store.execute("PRAGMA journal_mode=WAL")
        store.executescript(_SCHEMA)
        at = _machine_now()
        store.execute("BEGIN IMMEDIATE")
        with store:
            rows = ((number, at) for number in keys.epochs_in(self.folder))
            store.executemany("INSERT OR IGNORE INTO epoch VALUES (?, ?, NULL)", rows)
            store.execute("PRAGMA user_version=1")

    def _check_log_emptied(self) -> None:
        if not self._emptied_log():
            raise NotNow(
                f"Somebody has been reading the key store for more than {LOG_SECONDS:g} seconds (a copy of it, "
                "perhaps), so traces of what was destroyed are left in its log. Let that come to its end, and run this "
                "again."
            )

    def _emptied_log(self) -> bool:
        """Move the write-ahead file's content into the store and cut it; say whether it is empty now."""
        ends = time.monotonic() + LOG_SECONDS
        with self._reading() as store:
            store.execute(f"PRAGMA busy_timeout={round(1000 * min(1.0, LOG_SECONDS))}")
            while True:
                (busy, *_pages) = store.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                if not busy or time.monotonic() >= ends:
                    return not busy
                # Another's checkpoint is not waited for by SQLite itself.
                time.sleep(0.05)


def _current(store: sqlite3.Connection) -> int:
    (number,) = store.execute("SELECT max(number) FROM epoch WHERE retired_at IS NULL").fetchone()
    if number is None:
        raise KeyMissing("There is no epoch key. Make one with `openhotline key init`, or recover the keys.")
    return int(number)


def _known(store: sqlite3.Connection, number: int) -> bool:
    return store.execute("SELECT 1 FROM epoch WHERE number = ?", (number,)).fetchone() is not None


def _wrap(key: bytes, epoch: int, name: str, raw: bytes) -> bytes:
    return lock(key, raw, f"data-key/{epoch}/{name}".encode())


def _unwrap(key: bytes, epoch: int, name: str, wrapped: bytes) -> bytes:
    return unlock(key, wrapped, f"data-key/{epoch}/{name}".encode())


def _lots(names: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(names)
    while some := list(islice(rest, BATCH)):
        yield some


def _marks(names: Sequence[str]) -> str:
    return ",".join("?" * len(names))


def _machine_now() -> str:
    # The machine's clock: an age decides what is collected, and practice moves its own clock by days.
    return _text(datetime.now(UTC))


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def data_keys() -> DataKeys:
    """Return the key store of this installation, in ``$VAR/keys``."""
    return DataKeys(Path(settings.VAR) / "keys")
