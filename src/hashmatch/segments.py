"""Rows of an index that do not change: hashes as columns, ids ascending."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hashmatch import search_kernels
from hashmatch.hashes import WORDS

_FIRST_ROOM = 4096
Pairs = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint8]]


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """`columns` (4, n) uint64 and `ids` (n,) int64 ascending; both may be read-only maps of a file."""

    columns: NDArray[np.uint64]
    ids: NDArray[np.int64]

    def __len__(self) -> int:
        return self.ids.size

    @classmethod
    def of(cls, columns: NDArray[np.uint64], ids: NDArray[np.int64]) -> "Segment":
        """Sort rows given in any order by id."""
        order = np.argsort(ids, kind="stable")
        return cls(np.ascontiguousarray(columns[:, order]), ids[order])

    @classmethod
    def empty(cls) -> "Segment":
        """No rows."""
        return cls(np.empty((WORDS, 0), np.uint64), np.empty(0, np.int64))

    def joined(self, other: "Segment") -> "Segment":
        """The rows of both."""
        columns = np.concatenate((self.columns, other.columns), axis=1)
        return Segment.of(columns, np.concatenate((self.ids, other.ids)))

    def kept(self, keep: NDArray[np.bool_]) -> "Segment":
        """The rows where `keep` is true."""
        return Segment(np.ascontiguousarray(self.columns[:, keep]), self.ids[keep])

    def rows_of(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Row of each id, -1 for an id that is not here."""
        rows = np.searchsorted(self.ids, ids)
        here = rows < self.ids.size
        here[here] = self.ids[rows[here]] == ids[here]
        return np.where(here, rows, -1).astype(np.int64)

    def within(self, queries: NDArray[np.uint64], radius: int) -> Pairs:
        """Every (query, row, distance) within the radius, in no promised order."""
        room = _FIRST_ROOM
        while True:
            query, row = np.empty(room, np.int64), np.empty(room, np.int64)
            distance = np.empty(room, np.uint8)
            found = search_kernels.within(self.columns, queries, radius, query, row, distance)
            if found <= room:
                return query[:found], row[:found], distance[:found]
            room = found
