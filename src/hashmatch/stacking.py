"""Stacks of near duplicates."""

import numpy as np
from numpy.typing import NDArray

from hashmatch import search_kernels
from hashmatch.errors import InvalidHashes
from hashmatch.hashes import LARGEST_RADIUS, as_columns, checked_radius


def stack(
    hashes: NDArray[np.uint8], radius: int = LARGEST_RADIUS, previous: NDArray[np.int64] | None = None
) -> NDArray[np.int64]:
    """Label each hash (n, 32) with its stack; labels are 0, 1, 2, … in the order in which stacks begin.

    Definition. In input order, each hash joins the stack whose *leader* - the stack's first hash - is
    nearest, if that is at most `radius` bits away (of several as near, the stack that began first);
    otherwise it begins a stack.

    What that promises. Every member is within `radius` of its leader, so any two members are within 2 x
    `radius`: stacks do not chain. The result depends on nothing but hashes and order, and a later hash
    never moves an earlier one: `stack(h)` equals `stack(h, previous=stack(h[:k]))` for every k.

    What it does not. Two hashes within the radius of each other can be in two stacks (both near to a
    leader, but not to the same one), and another order can give other stacks. To find every near pair use
    `Index.search`.

    `previous` holds labels that are kept as they are, whatever the distances: for the first hashes, or for
    all with -1 where there is none yet. A kept stack's leader is its first hash here; new stacks are
    numbered after the highest previous label. Time grows with n times the number of stacks. Raises
    `InvalidHashes`.
    """
    columns = as_columns(hashes)
    labels = _padded(previous, columns.shape[1])
    free = max(0, int(labels.max(initial=-1)) + 1)
    return np.asarray(search_kernels.lead(columns, labels, free, checked_radius(radius)))


def _padded(previous: NDArray[np.int64] | None, size: int) -> NDArray[np.int64]:
    labels = np.full(size, -1, np.int64)
    if previous is None:
        return labels
    given = np.asarray(previous)
    if given.ndim != 1 or given.size > size or (given.size and given.dtype.kind not in "iu"):
        raise InvalidHashes(
            f"Previous labels must be at most {size} whole numbers, one a hash; this is {given.dtype} {given.shape}."
        )
    labels[: given.size] = given
    return labels
