"""Stacks of near duplicates."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hashmatch import stack_kernels
from hashmatch.balance import balanced
from hashmatch.errors import InvalidHashes
from hashmatch.hashes import LARGEST_RADIUS, as_words, checked_radius, checked_threads
from hashmatch.segments import Segment, widths_for
from hashmatch.snapshots import NONE_GONE

SHORT = 4096  # rows settled one by one; longer runs are halved
_SLICE = 1 << 18


def stack(
    hashes: NDArray[np.uint8],
    radius: int = LARGEST_RADIUS,
    previous: NDArray[np.int64] | None = None,
    *,
    threads: int = 1,
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
    numbered after the highest previous label. Raises `InvalidHashes`.

    How. A run of hashes is halved: the first half is settled, its leaders are indexed and offered to the second half in
    one batch search, and the second half is settled. Every hash meets every leader before it once, and pairs of
    members are never listed: time grows with n log n for lists like those of a hotline, and a million copies of
    one hash take as much memory as a million hashes. `threads` share each search.
    """
    words = balanced(as_words(hashes))
    labels = _padded(previous, words.shape[0])
    run = _Run.of(words, labels, checked_radius(radius), checked_threads(threads))
    run.settle(0, words.shape[0])
    return run.labelled(labels)


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    """Hashes on their way into stacks; arrays as `stack_kernels.lead` takes them."""

    words: NDArray[np.uint64]
    leads: NDArray[np.bool_]
    leader: NDArray[np.int64]
    distance: NDArray[np.int64]
    radius: int
    threads: int

    @classmethod
    def of(cls, words: NDArray[np.uint64], labels: NDArray[np.int64], radius: int, threads: int) -> "_Run":
        kept = np.flatnonzero(labels >= 0)
        first, place = np.unique(labels[kept], return_index=True, return_inverse=True)[1:]
        leads = np.zeros(labels.size, np.bool_)
        leads[kept[first]] = True
        leader = np.full(labels.size, -1, np.int64)
        leader[kept] = kept[first][place]
        distance = np.where(labels >= 0, -1, radius + 1).astype(np.int64)
        return cls(words, leads, leader, distance, radius, threads)

    def settle(self, start: int, end: int) -> None:
        """Settle the rows start .. end, which know their nearest leader before `start`."""
        if not np.any(self.distance[start:end] >= 0):
            return
        if end - start <= SHORT:
            stack_kernels.lead(self.words, self.leads, self.leader, self.distance, start, end)
            return
        middle = (start + end) // 2
        self.settle(start, middle)
        self._offer(start, middle, end)
        self.settle(middle, end)

    def _offer(self, start: int, middle: int, end: int) -> None:
        """Offer the leaders of the settled rows start .. middle to the open rows middle .. end."""
        leaders = start + np.flatnonzero(self.leads[start:middle])
        # Of leaders with the same hash (kept labels can have that) only the first can win.
        alike = np.ascontiguousarray(self.words[leaders]).view("V32").reshape(-1)
        leaders = leaders[np.sort(np.unique(alike, return_index=True)[1])]
        open_rows = middle + np.flatnonzero(self.distance[middle:end] > 0)
        segment = Segment.of(leaders, self.words[leaders], widths_for(leaders.size), self.threads)
        for at in range(0, open_rows.size, _SLICE):
            rows = open_rows[at : at + _SLICE]
            found = segment.within(self.words[rows], self.radius, NONE_GONE, self.threads)
            query = (found >> np.uint64(37)).astype(np.int64)
            # Sorted by query, distance and row: the first of each query is the nearest, and of those the earliest.
            first = np.flatnonzero(np.diff(query, prepend=-1))
            row, bits = rows[query[first]], (found[first] >> np.uint64(32) & np.uint64(31)).astype(np.int64)
            nearer = bits < self.distance[row]
            self.distance[row[nearer]] = bits[nearer]
            self.leader[row[nearer]] = leaders[found[first][nearer] & np.uint64(0xFFFFFFFF)]

    def labelled(self, labels: NDArray[np.int64]) -> NDArray[np.int64]:
        """The labels, with new ones for new stacks in the order of their leaders."""
        fresh = np.flatnonzero(self.leads & (labels < 0))
        free = max(0, int(labels.max(initial=-1)) + 1)
        of_leader = labels.copy()
        of_leader[fresh] = free + np.arange(fresh.size)
        return np.where(labels >= 0, labels, of_leader[self.leader])


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
