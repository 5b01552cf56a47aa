"""The hashes of a table as a search index of this process, kept up with the table."""

import threading
from array import array
from collections.abc import Callable, Iterable
from itertools import chain

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

    ``rows(since)`` gives (key, outside id, PDQ in hex) of the rows whose key is above ``since``, one after the other;
    ``known(key, name)`` says whether that row is still there. Rows that are withdrawn stay in the index: who searches
    asks the table.
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
        # A row is taken in as 40 bytes and let go: a table of millions must not lie in memory as rows, decrypted.
        keys, hashes, last = array("q"), bytearray(), self._last
        for key, name, pdq in self._rows(max(0, self._last[0] - OVERLAP)):
            last = max(last, (key, name))
            if key not in self._recent:
                keys.append(key)
                hashes += bytes.fromhex(pdq)
        self._add(np.frombuffer(keys, np.int64), np.frombuffer(hashes, np.uint8).reshape(-1, 32))
        self._last = last
        self._recent = {key for key in chain(self._recent, keys) if key > last[0] - OVERLAP}

    def _add(self, keys: NDArray[np.int64], hashes: NDArray[np.uint8]) -> None:
        if not len(keys):
            return
        if self._index is None:
            self._index = hashmatch.Index.build(hashes, keys, radius=RADIUS)
        else:
            self._index.add(hashes, keys)
