"""What an index holds at one moment. It never changes, so searches need no lock: a change makes the next one."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from hashmatch.matches import Matches
from hashmatch.memory import read_only
from hashmatch.segments import Bits, Segment, unpacked

NONE_GONE: Bits = read_only(np.empty(0, np.uint8))


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A segment and which of its rows are removed: one bit a row, or none at all; and their number."""

    segment: Segment
    gone: Bits = field(default_factory=lambda: NONE_GONE)
    removed: int = 0

    def __len__(self) -> int:
        return len(self.segment) - self.removed

    def live_ids(self) -> NDArray[np.int64]:
        """Ids of the rows that are not removed, ascending."""
        if not self.removed:
            return self.segment.ids
        return self.segment.ids[~unpacked(self.gone, len(self.segment))]

    def live_rows_of(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Row of each of these ids, which ascend; -1 for an id that is not here or removed."""
        rows = self.segment.rows_of(ids)
        if self.removed:
            rows[rows >= 0] = np.where(self._gone_at(rows[rows >= 0]), -1, rows[rows >= 0])
        return rows

    def without(self, rows: NDArray[np.int64]) -> "Part":
        """The part when these rows, each live and named once, are removed."""
        if not rows.size:
            return self
        gone = self.gone.copy() if self.removed else np.zeros((len(self.segment) + 7) // 8, np.uint8)
        np.bitwise_or.at(gone, rows >> 3, np.left_shift(1, rows & 7).astype(np.uint8))
        return replace(self, gone=read_only(gone), removed=self.removed + rows.size)

    def ids_lost_by(self, later: "Part | None") -> NDArray[np.int64]:
        """Ids that are live here and removed in a later state of the same segment (None: all of them are)."""
        if later is None:
            return self.live_ids()
        if later.removed == self.removed:
            return np.empty(0, np.int64)
        lost = later.gone & ~self.gone if self.removed else later.gone
        return self.segment.ids[unpacked(lost, len(self.segment))]

    def _gone_at(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        gone: NDArray[np.bool_] = (self.gone[rows >> 3] >> (rows & 7).astype(np.uint8) & 1).astype(np.bool_)
        return gone


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """Parts in the order in which they came, the oldest and largest first; an id is live in one of them at most."""

    parts: tuple[Part, ...]

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    def ids(self) -> NDArray[np.int64]:
        """All ids, ascending."""
        return np.sort(np.concatenate([np.empty(0, np.int64), *(part.live_ids() for part in self.parts)]))

    def rows_of(self, ids: NDArray[np.int64]) -> list[NDArray[np.int64]]:
        """Row of each of these ids, which ascend, in each part; -1 where it is not there or removed."""
        return [part.live_rows_of(ids) for part in self.parts]

    def search(self, queries: NDArray[np.uint64], radius: int, threads: int) -> Matches:
        """Find the matches of balanced queries (m, 4)."""
        found = [part.segment.within(queries, radius, part.gone, threads) for part in self.parts]
        pieces = [
            Matches.unpacked(keys, part.segment.ids) for keys, part in zip(found, self.parts, strict=True) if keys.size
        ]
        return Matches.joined(pieces)

    def near(self, query: NDArray[np.uint64], radius: int) -> list[tuple[int, int]]:
        """Id and distance of every hash near one query (1, 4), not balanced; by distance, then id."""
        found = [hit for part in self.parts for hit in part.segment.near(query, radius, part.gone)]
        if len(self.parts) > 1:
            found.sort(key=lambda hit: (hit[1], hit[0]))
        return found

    def grown(self, segment: Segment) -> "Snapshot":
        """The snapshot with a segment more."""
        return Snapshot((*self.parts, Part(segment)))

    def shrunk(self, rows_of: list[NDArray[np.int64]]) -> "Snapshot":
        """The snapshot without some rows of each part, as `rows_of` gives them."""
        kept = [part.without(rows[rows >= 0]) for part, rows in zip(self.parts, rows_of, strict=True)]
        return Snapshot(tuple(part for part in kept if len(part)))

    def replaced(self, old: tuple[Part, ...], segment: Segment) -> "Snapshot":
        """The snapshot with one segment, merged of `old`, in their place; what was removed meanwhile stays removed."""
        now = {id(part.segment): part for part in self.parts}
        was = {id(part.segment) for part in old}
        lost = np.concatenate([part.ids_lost_by(now.get(id(part.segment))) for part in old])
        fresh = Part(segment).without(segment.rows_of(np.sort(lost)))
        kept = [part for part in self.parts if id(part.segment) not in was]
        place = next((at for at, part in enumerate(self.parts) if id(part.segment) in was), 0)
        if len(fresh):
            kept.insert(place, fresh)
        return Snapshot(tuple(kept))


def found(rows_of: list[NDArray[np.int64]], size: int) -> NDArray[np.bool_]:
    """Say of each of so many ids whether `Snapshot.rows_of` found it."""
    here = np.zeros(size, np.bool_)
    for rows in rows_of:
        here |= rows >= 0
    return here
