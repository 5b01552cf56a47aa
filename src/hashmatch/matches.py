"""The result of a search."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """Pairs within the radius, each once, sorted by query, then distance, then id.

    Three arrays of one length: `query` (int64, row of the query), `id` (int64) and `distance` (uint8, bits).
    """

    query: NDArray[np.int64]
    id: NDArray[np.int64]
    distance: NDArray[np.uint8]

    def __len__(self) -> int:
        return self.query.size

    @classmethod
    def unpacked(cls, keys: NDArray[np.uint64], ids: NDArray[np.int64]) -> "Matches":
        """Matches of one segment (query << 37 | distance << 32 | row), ascending; `ids` of its rows, ascending."""
        return cls(
            (keys >> np.uint64(37)).astype(np.int64),
            ids[keys & np.uint64(0xFFFFFFFF)],
            (keys >> np.uint64(32) & np.uint64(31)).astype(np.uint8),
        )

    @classmethod
    def joined(cls, pieces: Sequence["Matches"]) -> "Matches":
        """All of several results, of which each is sorted."""
        if len(pieces) == 1:
            return pieces[0]
        query = np.concatenate([np.empty(0, np.int64), *(piece.query for piece in pieces)])
        ids = np.concatenate([np.empty(0, np.int64), *(piece.id for piece in pieces)])
        distance = np.concatenate([np.empty(0, np.uint8), *(piece.distance for piece in pieces)])
        order = np.lexsort((ids, distance, query))
        return cls(query[order], ids[order], distance[order])
