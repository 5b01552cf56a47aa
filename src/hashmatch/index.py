"""The index: every hash within a radius of a query, found exactly."""

import threading
from os import PathLike

import numpy as np
from numpy.typing import NDArray

from hashmatch import compaction, index_file
from hashmatch.balance import balanced
from hashmatch.errors import InvalidHashes
from hashmatch.hashes import LARGEST_RADIUS, as_words, checked_ids, checked_radius, checked_threads, one_as_words
from hashmatch.matches import Matches
from hashmatch.segments import MOST_ROWS, Segment, widths_for
from hashmatch.snapshots import Part, Snapshot, found

Packed = bytes


class Index:
    """Hashes under ids, searched exactly within a radius of 0..31 bits. Make one with `build` or `open`.

    The engine follows the sizes: lists below some thousands are compared with each query as a whole; longer ones are
    looked up in tables (`layout` has the argument why none is missed), all queries of a call in one table after the
    other, or, for many thousands, by joining them with all hashes. Each finds the same pairs.

    Threads: any number may search, add, remove, save and compact at the same time. A search sees the index as it was
    when it began; it never waits. Changes wait for one another. `add` keeps new rows beside the old ones and `remove`
    marks rows; when enough has come together the index is compacted by a thread of its own.

    Processes: those that open a file share its memory. What one adds or removes stays its own until it saves.
    """

    def __init__(self, snapshot: Snapshot, radius: int, mapped: "index_file.Mapped | None" = None) -> None:
        self._snapshot = snapshot
        self._radius = radius
        self._mapped = mapped
        self._changing = threading.Lock()
        self._compacting = threading.Lock()
        self._busy = 0  # so many of the first parts are being merged in the background

    @classmethod
    def build(
        cls, hashes: NDArray[np.uint8], ids: NDArray[np.int64], radius: int = LARGEST_RADIUS, *, threads: int = 1
    ) -> "Index":
        """Index `hashes` (n, 32) uint8 under `ids` (n,) int64, for searches within `radius` or less.

        n may be 0, ids must be unique, hashes may repeat. Raises `InvalidHashes`.
        """
        segment = _segment(hashes, ids, checked_threads(threads))
        return cls(Snapshot((Part(segment),) if len(segment) else ()), checked_radius(radius))

    @classmethod
    def open(cls, path: str | PathLike[str]) -> "Index":
        """Map a saved index; little is read until it is searched. Raises `IndexFileError`.

        Header, length and offsets are checked here, the rest of the body by `verify`. The file may be replaced by a
        later `save` while it is open: this index goes on with the old one.
        """
        mapped = index_file.open_mapped(path)
        return cls(Snapshot((Part(mapped.segment),) if len(mapped.segment) else ()), mapped.radius, mapped)

    @property
    def radius(self) -> int:
        """The largest radius that can be asked for."""
        return self._radius

    @property
    def ids(self) -> NDArray[np.int64]:
        """All ids, ascending."""
        return self._snapshot.ids()

    @property
    def bytes(self) -> int:
        """Bytes that the index takes, in memory or in its mapped file."""
        return sum(part.segment.bytes + part.gone.nbytes for part in self._snapshot.parts)

    def __len__(self) -> int:
        return len(self._snapshot)

    def search(self, queries: NDArray[np.uint8], radius: int | None = None, *, threads: int = 1) -> Matches:
        """Find every pair of a query (m, 32) and an indexed hash at most `radius` bits apart.

        Exact: none is missed. The radius is the index's unless given; a larger one raises `InvalidHashes`. Queries are
        shared out among `threads`. Memory is that of the matches, whatever the list: a query for which a million
        copies are indexed has a million matches.
        """
        asked = self._radius if radius is None else checked_radius(radius, self._radius)
        words = balanced(as_words(queries))
        return self._snapshot.search(words, asked, checked_threads(threads))

    def near(self, query: Packed, radius: int | None = None) -> list[tuple[int, int]]:
        """Return (id, bits apart) of every hash within the radius of one query of 32 bytes, nearest first, then by id.

        The same pairs as `search` finds, for who asks for one hash at a time: it does without what a batch needs.
        Raises `InvalidHashes`.
        """
        asked = self._radius if radius is None else checked_radius(radius, self._radius)
        return self._snapshot.near(one_as_words(query), asked)

    def add(self, hashes: NDArray[np.uint8], ids: NDArray[np.int64]) -> None:
        """Add rows; all, or none if it raises `InvalidHashes` (an id that is in the index already).

        They are found by every search that begins after it returns.
        """
        segment = _segment(hashes, ids)
        with self._changing:
            taken = segment.ids[found(self._snapshot.rows_of(segment.ids), len(segment))]
            if taken.size:
                raise InvalidHashes(f"Id {int(taken[0])} is in the index already. Remove it first to replace its hash.")
            if len(segment):
                self._snapshot = self._snapshot.grown(segment)
                self._merge_what_is_due()

    def remove(self, ids: NDArray[np.int64]) -> None:
        """Remove rows; all, or none if it raises `InvalidHashes` (an id that is not in the index)."""
        wanted, _ = checked_ids(ids, np.asarray(ids).size)
        with self._changing:
            rows_of = self._snapshot.rows_of(wanted)
            missing = wanted[~found(rows_of, wanted.size)]
            if missing.size:
                raise InvalidHashes(f"Id {int(missing[0])} is not in the index, so it cannot be removed.")
            self._snapshot = self._snapshot.shrunk(rows_of)
            self._merge_what_is_due()

    def compact(self, *, threads: int = 1) -> None:
        """Merge all that was added and drop all that was removed, now; searches and changes go on meanwhile."""
        self._compacted(checked_threads(threads))

    def save(self, path: str | PathLike[str], *, threads: int = 1) -> None:
        """Compact, then write what the index holds to `path`, readable by the owner alone, whole or not at all.

        A temporary file beside it is written, synced and renamed over it: after a crash at any moment
        `path` is the old file or the new one. Raises `IndexFileError` when it cannot be written (a full disk).
        """
        index_file.write(path, self._compacted(checked_threads(threads)), self._radius)

    def verify(self) -> None:
        """Compare the body of an opened file with its checksum, reading it all. Raises `IndexFileError`."""
        if self._mapped is not None:
            self._mapped.verify()

    def _compacted(self, threads: int) -> Segment:
        """Merge all parts of this moment into one segment, and return it."""
        with self._compacting:
            with self._changing:
                parts = self._snapshot.parts
                if not parts:
                    return compaction.merge(())
                if len(parts) == 1 and not parts[0].removed:
                    return parts[0].segment
                self._busy = len(parts)
            return self._merge(parts, threads)

    def _merge_what_is_due(self) -> None:
        """Merge few rows at once, many in the background. The caller holds the lock on changes."""
        while run := compaction.due(self._snapshot.parts, self._busy):
            parts = self._snapshot.parts[run]
            if not compaction.small(parts):
                if not self._busy and self._compacting.acquire(blocking=False):
                    self._busy = run.stop
                    threading.Thread(target=self._merge_aside, args=(parts,), daemon=True).start()
                return
            self._snapshot = self._snapshot.replaced(parts, compaction.merge(parts))

    def _merge_aside(self, parts: tuple[Part, ...]) -> None:
        try:
            self._merge(parts, threads=1)
        finally:
            self._compacting.release()
        with self._changing:
            self._merge_what_is_due()

    def _merge(self, parts: tuple[Part, ...], threads: int) -> Segment:
        """Merge parts and put the result in their place; changes and searches go on until then."""
        try:
            segment = compaction.merge(parts, threads)
            with self._changing:
                self._snapshot = self._snapshot.replaced(parts, segment)
                self._busy = 0
        except BaseException:
            self._busy = 0
            raise
        return segment


def _segment(hashes: NDArray[np.uint8], ids: NDArray[np.int64], threads: int = 1) -> Segment:
    words = as_words(hashes)
    if words.shape[0] > MOST_ROWS:
        raise InvalidHashes(f"{words.shape[0]} hashes are too many for one index; it holds up to {MOST_ROWS}.")
    ascending, order = checked_ids(ids, words.shape[0])
    return Segment.of(ascending, balanced(words, order), widths_for(ascending.size), threads)
