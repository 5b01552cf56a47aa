"""The leaders of all stacks as a search index of this process, kept up with the table."""

import threading

import numpy as np
from numpy.typing import NDArray

import hashmatch
from openhotline.triage.models import Stack
from openhotline.triage.states import LEAST_QUALITY, STACK_RADIUS


def hash_of(pdq: str) -> NDArray[np.uint8]:
    """Return 32 bytes of a hash given as 64 hex digits."""
    return np.frombuffer(bytes.fromhex(pdq), dtype=np.uint8)


class Leaders:
    """Reads only stacks made since the last look; starts again when the table is not the one it knew."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._forget()

    def _forget(self) -> None:
        self._last = (0, "")
        # Made at the first search: compiled code is loaded only where something is searched.
        self._index: hashmatch.Index | None = None

    def nearest(self, hashes: NDArray[np.uint8]) -> list[tuple[int, int] | None]:
        """Return for each hash (stack id, distance) of the nearest leader within 31 bits, or None."""
        with self._lock:
            found = self._caught_up().search(hashes)
        best: list[tuple[int, int] | None] = [None] * len(hashes)
        for query, stack, distance in zip(found.query, found.id, found.distance, strict=True):
            known = best[query]
            if known is None or int(distance) < known[1]:
                best[query] = (int(stack), int(distance))
        return best

    def _caught_up(self) -> "hashmatch.Index":
        pk, name = self._last
        if pk and not Stack.objects.filter(pk=pk, public_id=name).exists():
            self._forget()
        rows = list(
            Stack.objects.filter(pk__gt=self._last[0], leader__pdq__isnull=False, leader__quality__gte=LEAST_QUALITY)
            .order_by("pk")
            .values_list("pk", "public_id", "leader__pdq")
        )
        index = self._index or hashmatch.Index.build(
            np.empty((0, 32), np.uint8), np.empty(0, np.int64), radius=STACK_RADIUS
        )
        if rows:
            hashes = np.stack([hash_of(str(pdq)) for _, _, pdq in rows])
            index.add(hashes, np.array([pk for pk, _, _ in rows], np.int64))
            self._last = rows[-1][0], rows[-1][1]
        self._index = index
        return index


LEADERS = Leaders()
