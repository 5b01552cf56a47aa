"""The result of a search."""

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
    def of(cls, query: NDArray[np.int64], ids: NDArray[np.int64], distance: NDArray[np.uint8]) -> "Matches":
        """Sort pairs found in any order."""
        order = np.lexsort((ids, distance, query))
        return cls(query[order], ids[order], distance[order])
