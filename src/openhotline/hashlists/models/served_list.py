"""The pictures of one stream as the match service searches them: an index file, and a journal of what came since.

``<stream>.journal`` holds records of 40 bytes in the order in which they came: the number of the entry (int64,
little-endian) and its PDQ. The number is of the entry's outside id and not its key: after a restore of an older
database a key may be another entry's; what is then in the files alone is no entry's. ``<stream>-<n>.index`` is a
`hashmatch` index of the first n records. Every process maps the same index file, so that a machine holds it once, and
adds the records behind it: what is appended to the journal is found by the next search of every process (of one that
serves, a twentieth of a second later: `glance`), without a restart. One process, the worker, writes.

Both can be built again, mode 0600, never backed up. Withdrawn entries stay in: who searches asks the table.
"""

import os
import threading
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import hashmatch
from hashmatch.errors import IndexFileError
from openhotline.hashlists.models.glance import Glance
from openhotline.hashlists.models.index_memory import in_memory
from openhotline.hashlists.models.release_file import only_one

RECORD = np.dtype([("entry", "<i8"), ("pdq", "u1", 32)])
RADIUS = 31
# So many records behind the index file, and at least a tenth of it, before it is written anew.
COMPACT_AT = 20_000


def number_of(entry: str) -> int:
    """Return the number of an entry by its outside id: 63 bits."""
    return int.from_bytes(sha256(entry.encode()).digest()[:8], "big") >> 1


def journal_path(folder: Path, stream: str) -> Path:
    """Return where the journal of a stream lies."""
    return folder / f"{stream}.journal"


def begun_path(folder: Path) -> Path:
    """Return the file whose moment says when journals and index files were begun, so that old ones are not mixed in."""
    return folder / "begun"


def begin_anew(folder: Path) -> None:
    """Remove journals and index files; every process forgets what it read of them."""
    for path in (begun_path(folder), *folder.glob("*.journal"), *folder.glob("*.index")):
        path.unlink(missing_ok=True)


def newest_index(folder: Path, stream: str) -> tuple[int, Path | None]:
    """Return how many records the newest index file covers, and its path; 0 and None before the first."""
    found = [(int(one.stem.rpartition("-")[2]), one) for one in folder.glob(f"{stream}-*.index")]
    return max(found, default=(0, None), key=lambda one: one[0])


def records(path: Path, since: int = 0) -> NDArray[np.void]:
    """Return the whole records of a journal from a place on; a record that is half written is not there yet."""
    try:
        with path.open("rb") as file:
            file.seek(since * RECORD.itemsize)
            found = file.read()
    except FileNotFoundError:
        return np.empty(0, RECORD)
    return np.frombuffer(found[: len(found) // RECORD.itemsize * RECORD.itemsize], RECORD)


def append(folder: Path, stream: str, entries: NDArray[np.int64], hashes: NDArray[np.uint8]) -> int:
    """Append those entries that are not in the journal yet, durably; return how many. Half a record is cut off."""
    path = journal_path(folder, stream)
    with only_one(folder / f"{stream}.lock"):
        if not begun_path(folder).exists():
            begun_path(folder).touch(0o600)
        return _append(path, entries, hashes)


def _append(path: Path, entries: NDArray[np.int64], hashes: NDArray[np.uint8]) -> int:
    known = records(path)
    fresh = ~np.isin(entries, known["entry"])
    rows = np.empty(int(fresh.sum()), RECORD)
    rows["entry"], rows["pdq"] = entries[fresh], hashes[fresh]
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+b") as file:
        file.truncate(len(known) * RECORD.itemsize)
        file.seek(0, os.SEEK_END)
        file.write(rows.tobytes())
        file.flush()
        os.fsync(file.fileno())
    return len(rows)


def compact(folder: Path, stream: str) -> bool:
    """Write the index file anew when enough has come behind it; say whether. Who maps an older one goes on."""
    with only_one(folder / f"{stream}.lock"):
        return _compact(folder, stream)


def _compact(folder: Path, stream: str) -> bool:
    covered, path = newest_index(folder, stream)
    new = records(journal_path(folder, stream), covered)
    if len(new) < max(COMPACT_AT, covered // 10):
        return False
    index = hashmatch.Index.open(path) if path else _empty()
    index.add(np.ascontiguousarray(new["pdq"]), np.ascontiguousarray(new["entry"]))
    index.save(folder / f"{stream}-{covered + len(new)}.index")
    if path:
        path.unlink()
    return True


class ServedList:
    """One stream in this process: a mapped index file and the records that came behind it."""

    def __init__(self, folder: Path, stream: str, memory: Path | None = None) -> None:
        """``memory``: a folder whose memory is in huge pages, where index files are mapped from copies."""
        self._folder, self._stream, self._memory = folder, stream, memory
        # Made once, and a text: the file system is asked of it at every search.
        self._journal = str(journal_path(folder, stream))
        self._lock = threading.Lock()
        self._index, self._read, self._mapped = _empty(), 0, 0
        self._begun: tuple[int, int] | None = None
        self._seen: tuple[int, int, int] | None = None
        self._glance = Glance()

    def __len__(self) -> int:
        return len(self._index)

    def search(self, hashes: NDArray[np.uint8]) -> list[tuple[int, int, int]]:
        """Return (place of the query, number of the entry, bits apart) of every pair within 31 bits, nearest first."""
        if self._glance.is_due():
            self.catch_up()
        index = self._index
        if not len(index):
            return []
        if len(hashes) == 1:
            return [(0, entry, distance) for entry, distance in index.near(hashes.tobytes())]
        found = index.search(hashes)
        pairs = zip(found.query.tolist(), found.id.tolist(), found.distance.tolist(), strict=True)
        return sorted(pairs, key=lambda pair: (pair[0], pair[2], pair[1]))

    def catch_up(self) -> None:
        """Read what was appended since; costs one question to the file system when nothing was."""
        if self._found() != self._seen:
            with self._lock:
                seen = self._found()
                if seen != self._seen:
                    self._follow(seen)

    def _found(self) -> tuple[int, int, int] | None:
        """Return which file the journal is, when it was written last and how long it is; None before the first."""
        try:
            there = os.stat(self._journal)  # noqa: PTH116 - of a text, as above
        except FileNotFoundError:
            return None
        return there.st_ino, there.st_mtime_ns, there.st_size

    def _follow(self, seen: tuple[int, int, int] | None) -> None:
        index, read, mapped, begun = self._index, self._read, self._mapped, _moment(begun_path(self._folder))
        if seen is None or begun != self._begun or seen[2] < read * RECORD.itemsize:
            index, read, mapped = _empty(), 0, 0
        covered, path = newest_index(self._folder, self._stream)
        if path is not None and covered > mapped and covered - read >= COMPACT_AT // 2:
            index, read, mapped = self._open(path, covered)
        new = records(journal_path(self._folder, self._stream), read)
        if len(new):
            index.add(np.ascontiguousarray(new["pdq"]), np.ascontiguousarray(new["entry"]))
        # Only now, so that a search of another thread never meets a list that is half read.
        self._index, self._read, self._mapped = index, read + len(new), mapped
        self._begun, self._seen = begun, seen

    def _open(self, path: Path, covered: int) -> "tuple[hashmatch.Index, int, int]":
        """Map an index file, or the one that took its place while its name was read."""
        try:
            return hashmatch.Index.open(in_memory(path, self._memory)), covered, covered
        except IndexFileError:
            again, there = newest_index(self._folder, self._stream)
            if there is None or there == path:
                raise
            return hashmatch.Index.open(in_memory(there, self._memory)), again, again


def _moment(path: Path) -> tuple[int, int] | None:
    """Return which file this is and when it was made; None where there is none."""
    try:
        there = path.stat()
    except FileNotFoundError:
        return None
    return there.st_ino, there.st_mtime_ns


def _empty() -> "hashmatch.Index":
    return hashmatch.Index.build(np.empty((0, 32), np.uint8), np.empty(0, np.int64), RADIUS)
