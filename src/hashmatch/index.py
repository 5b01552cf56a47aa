"""The index: every hash within a radius of a query, found exactly."""

from os import PathLike

import numpy as np
from numpy.typing import NDArray

from hashmatch import index_file
from hashmatch.errors import InvalidHashes
from hashmatch.hashes import LARGEST_RADIUS, as_columns, checked_ids, checked_radius
from hashmatch.matches import Matches
from hashmatch.segments import Segment


class Index:
    """Hashes under ids, searched exactly within a radius of 0..31 bits. Make one with `build` or `open`.

    Rows as they were built or opened stay as they are (an opened file is mapped read-only and shared by all
    processes that open it); `add` keeps new rows beside them and `remove` marks rows as gone, until `save`
    writes what is left. Searching from several threads is safe, and runs in parallel; changing while
    searching is not.
    """

    def __init__(self, base: Segment, radius: int, mapped: "index_file.Mapped | None" = None) -> None:
        self._base = base
        self._radius = radius
        self._mapped = mapped
        self._added = Segment.empty()
        self._gone = np.zeros(len(base), np.bool_)

    @classmethod
    def build(cls, hashes: NDArray[np.uint8], ids: NDArray[np.int64], radius: int = LARGEST_RADIUS) -> "Index":
        """Index `hashes` (n, 32) uint8 under `ids` (n,) int64, for searches within `radius` or less.

        n may be 0, ids must be unique, hashes may repeat. Raises `InvalidHashes`.
        """
        columns = as_columns(hashes)
        return cls(Segment.of(columns, checked_ids(ids, columns.shape[1])), checked_radius(radius))

    @classmethod
    def open(cls, path: str | PathLike[str]) -> "Index":
        """Map a saved index; nothing is read until it is searched. Raises `IndexFileError`.

        Header and length are checked here, the body by `verify`. The file may be replaced by a later `save`
        while it is open: this index goes on with the old one.
        """
        mapped = index_file.open_mapped(path)
        return cls(Segment(mapped.columns, mapped.ids), mapped.radius, mapped)

    @property
    def radius(self) -> int:
        """The largest radius that can be asked for."""
        return self._radius

    @property
    def ids(self) -> NDArray[np.int64]:
        """All ids, ascending."""
        return np.sort(np.concatenate((self._base.ids[~self._gone], self._added.ids)))

    def __len__(self) -> int:
        return len(self._base) - int(np.count_nonzero(self._gone)) + len(self._added)

    def search(self, queries: NDArray[np.uint8], radius: int | None = None) -> Matches:
        """Find every pair of a query (m, 32) and an indexed hash at most `radius` bits apart.

        Exact: none is missed. The radius is the index's unless given; a larger one raises `InvalidHashes`.
        """
        columns = as_columns(queries)
        asked = self._radius if radius is None else checked_radius(radius, self._radius)
        query, row, distance = self._base.within(columns, asked)
        here = ~self._gone[row]
        more_query, more_row, more_distance = self._added.within(columns, asked)
        return Matches.of(
            np.concatenate((query[here], more_query)),
            np.concatenate((self._base.ids[row[here]], self._added.ids[more_row])),
            np.concatenate((distance[here], more_distance)),
        )

    def add(self, hashes: NDArray[np.uint8], ids: NDArray[np.int64]) -> None:
        """Add rows; all, or none if it raises `InvalidHashes` (an id that is in the index already)."""
        columns = as_columns(hashes)
        new = Segment.of(columns, checked_ids(ids, columns.shape[1]))
        taken = new.ids[self._present(new.ids)]
        if taken.size:
            raise InvalidHashes(f"Id {int(taken[0])} is in the index already. Remove it first to replace its hash.")
        self._added = self._added.joined(new)

    def remove(self, ids: NDArray[np.int64]) -> None:
        """Remove rows; all, or none if it raises `InvalidHashes` (an id that is not in the index)."""
        wanted = checked_ids(ids, np.asarray(ids).size)
        missing = wanted[~self._present(wanted)]
        if missing.size:
            raise InvalidHashes(f"Id {int(missing[0])} is not in the index, so it cannot be removed.")
        rows = self._base.rows_of(wanted)
        self._gone[rows[rows >= 0]] = True
        self._added = self._added.kept(~np.isin(self._added.ids, wanted))

    def save(self, path: str | PathLike[str]) -> None:
        """Write what the index holds now to `path`, readable by the owner alone, whole or not at all.

        A temporary file beside it is written, synced and renamed over it: after a crash at any moment
        `path` is the old file or the new one. Raises `OSError` when the folder cannot be written to.
        """
        index_file.write(path, self._base.kept(~self._gone).joined(self._added), self._radius)

    def verify(self) -> None:
        """Compare the body of an opened file with its checksum, reading it all. Raises `IndexFileError`."""
        if self._mapped is not None:
            self._mapped.verify()

    def _present(self, ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        rows = self._base.rows_of(ids)
        here = rows >= 0
        here[here] = ~self._gone[rows[here]]
        return here | (self._added.rows_of(ids) >= 0)
