"""The hashes of a table as a search index of this process, kept up with the table."""

import threading
from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

import hashmatch

RADIUS = 31
# Keys may be committed in another order than they were taken, so the last ones are looked at again.
OVERLAP = 1000

Row = tuple[int, str, str]


def hash_of(pdq: str) -> NDArray[np.uint8]:
    """Return the 32 bytes of a PDQ hash given as 64 hex digits."""
    return np.frombuffer(bytes.fromhex(pdq), dtype=np.uint8)


class Nearby:
    """Reads only what it does not hold yet, and starts again when the table is not the one it knew.

    ``rows(since)`` gives (key, outside id, PDQ in hex) of the rows whose key is above ``since``; ``known(key, name)``
    says whether that row is still there. Rows that are withdrawn stay in the index: who searches asks the table.
    """

    def __init__(self, rows: Callable[[int], Iterable[Row]], known: Callable[[int, str], bool]) -> None:
        self._rows = rows
        self._known = known
        self._lock = threading.Lock()
        self._forget()

    def _forget(self) -> None:
        self._last = (0, "")
        self._recent: set[int] = set()
        # Made at the first row: compiled code is loaded only where something is searched.
        self._index: hashmatch.Index | None = None

    def search(self, hashes: NDArray[np.uint8]) -> list[tuple[int, int, int]]:
        """Return (place of the query, key of the row, bits apart) of every pair within 31 bits, nearest first."""
        with self._lock:
            self._catch_up()
            if self._index is None:
                return []
            found = self._index.search(hashes)
        return sorted(
            zip(found.query.tolist(), found.id.tolist(), found.distance.tolist(), strict=True),
            key=lambda pair: (pair[0], pair[2], pair[1]),
        )

    def _catch_up(self) -> None:
        if self._last[0] and not self._known(*self._last):
            self._forget()
        rows = sorted(self._rows(max(0, self._last[0] - OVERLAP)))
        self._add([row for row in rows if row[0] not in self._recent])
        if rows:
            self._last = max(self._last, rows[-1][:2])
            self._recent = {key for key, _, _ in rows if key > self._last[0] - OVERLAP}

    def _add(self, rows: list[Row]) -> None:
        if not rows:
            return
        hashes = np.stack([hash_of(pdq) for _, _, pdq in rows])
        keys = np.array([key for key, _, _ in rows], np.int64)
        if self._index is None:
            self._index = hashmatch.Index.build(hashes, keys, radius=RADIUS)
        else:
            self._index.add(hashes, keys)
