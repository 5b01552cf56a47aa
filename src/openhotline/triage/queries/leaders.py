"""The leaders of all stacks, searched by hash."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from openhotline.core.nearby import Nearby, Row
from openhotline.triage.models import Stack
from openhotline.triage.states import LEAST_QUALITY


def _rows(since: int) -> Iterable[Row]:
    rows = Stack.objects.filter(pk__gt=since, leader__pdq__isnull=False, leader__quality__gte=LEAST_QUALITY)
    found = rows.values_list("pk", "public_id", "leader__pdq")
    return ((pk, name, str(pdq)) for pk, name, pdq in found.order_by("pk").iterator())


LEADERS = Nearby(_rows, lambda pk, name: Stack.objects.filter(pk=pk, public_id=name).exists())


def nearest(hashes: NDArray[np.uint8]) -> list[tuple[int, int] | None]:
    """Return for each hash (stack id, distance) of the nearest leader within 31 bits, or None."""
    best: list[tuple[int, int] | None] = [None] * len(hashes)
    for query, stack, distance in LEADERS.search(hashes):
        best[query] = best[query] or (stack, distance)
    return best
