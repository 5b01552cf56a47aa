"""Which counts are not shown, so that none that is small can be read or worked out."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

import numpy as np

Sum = tuple[str, tuple[str, ...]]
"""The key of a whole, and the keys of the parts that add up to it."""


def hidden_keys(values: Mapping[str, int], sums: Sequence[Sum], *, smallest: int) -> set[str]:
    """Return the keys of the counts that are not shown.

    They are those from 1 to below ``smallest``, and as few more as it takes that no hidden count follows from what is
    shown: not from one sum, nor from several together; and that what is hidden of one whole adds up to ``smallest``.
    Sums that do not hold tell nothing and are left aside. What every count below 5 has in common, 0, is shown.
    """
    true = [(whole, parts) for whole, parts in sums if values[whole] == sum(values[part] for part in parts)]
    hidden = {key for key, value in values.items() if 0 < value < smallest}
    while (weak := shown_of_weak_sum(hidden, true, values, smallest, worked_out(hidden, true))) is not None:
        # Whatever else of that sum is smallest; once all of it is hidden, there is nothing left to give away.
        hidden.add(min((values[key], key) for key in weak)[1])
    return hidden


def worked_out(hidden: set[str], sums: Sequence[Sum]) -> set[str]:
    """Return the hidden keys that follow from the shown ones by adding and subtracting."""
    order = sorted(hidden)
    place = {key: number for number, key in enumerate(order)}
    rows = [_row(one, place) for one in sums]
    matrix = np.array([row for row in rows if row.any()], dtype=float)
    if not len(matrix):
        return set()
    # A count follows if its unit vector is in the row space: projected onto it, nothing of it is lost.
    _, strength, axes = np.linalg.svd(matrix, full_matrices=False)
    space = axes[strength > 1e-9]
    kept = (space**2).sum(axis=0)
    return {key for key in order if kept[place[key]] > 1 - 1e-9}


def _row(one: Sum, place: Mapping[str, int]) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    row = np.zeros(len(place))
    whole, parts = one
    if whole in place:
        row[place[whole]] -= 1
    for part in parts:
        if part in place:
            row[place[part]] += 1
    return row


def shown_of_weak_sum(
    hidden: AbstractSet[str], sums: Sequence[Sum], values: Mapping[str, int], smallest: int, told: AbstractSet[str]
) -> list[str] | None:
    """Return the shown counts of a sum that gives something away (``told``: what is worked out), or None."""
    for whole, parts in sums:
        mine = hidden & {whole, *parts}
        few = whole not in hidden and 0 < sum(values[key] for key in mine) < smallest
        shown = [key for key in (*parts, whole) if key not in hidden and values[key]]
        if mine and shown and (few or mine & told):
            return shown
    return None
