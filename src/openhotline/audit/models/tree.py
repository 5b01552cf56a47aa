"""The Merkle tree of RFC 6962, section 2.1; its proofs are verified as RFC 9162, sections 2.1.3.2 and 2.1.4.2, says.

Hashes are SHA-256, 32 bytes. A *frontier* is what a tree needs to grow: the roots of its perfect subtrees, largest
first, each with how many leaves it covers.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

Frontier = list[tuple[int, bytes]]


def leaf_of(content: bytes) -> bytes:
    """Return the hash of a leaf."""
    return sha256(b"\0" + content).digest()


def node_of(left: bytes, right: bytes) -> bytes:
    """Return the hash over two subtrees."""
    return sha256(b"\1" + left + right).digest()


def grow(frontier: Frontier, leaf: bytes) -> None:
    """Add one leaf hash to a frontier, in place."""
    frontier.append((1, leaf))
    while len(frontier) > 1 and frontier[-1][0] == frontier[-2][0]:
        size, right = frontier.pop()
        _, left = frontier.pop()
        frontier.append((2 * size, node_of(left, right)))


def root_of(frontier: Frontier) -> bytes:
    """Return the tree head of a frontier; of an empty tree, the hash of nothing."""
    if not frontier:
        return sha256(b"").digest()
    root = frontier[-1][1]
    for _, left in reversed(frontier[:-1]):
        root = node_of(left, root)
    return root


class Tree:
    """A tree in memory, to prove from: every level of perfect subtrees, so that a proof takes no hashing twice."""

    def __init__(self, leaves: Iterable[bytes]) -> None:
        self._levels = [list(leaves)]
        while len(below := self._levels[-1]) > 1:
            self._levels.append([node_of(below[n], below[n + 1]) for n in range(0, len(below) - 1, 2)])

    def root(self, size: int) -> bytes:
        """Return the head over the first ``size`` leaves."""
        return self._over(0, size) if size else root_of([])

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """Return the path that proves leaf ``index`` to be in the tree of ``size`` leaves; ``index < size``."""
        path, start, end = [], 0, size
        while end - start > 1:
            split = start + _split(end - start)
            if index < split:
                path.append(self._over(split, end))
                end = split
            else:
                path.append(self._over(start, split))
                start = split
        return path[::-1]

    def consistency(self, first: int, size: int) -> list[bytes]:
        """Return the proof that the tree of ``size`` leaves begins with the tree of ``first``; 1 <= first <= size."""
        path, start, end = [], 0, size
        while first != end:
            split = start + _split(end - start)
            if first <= split:
                path.append(self._over(split, end))
                end = split
            else:
                path.append(self._over(start, split))
                start = split
        if start:
            path.append(self._over(start, end))
        return path[::-1]

    def _over(self, start: int, end: int) -> bytes:
        # Starts are multiples of the width's next power of two: so RFC 6962 splits, so perfect subtrees are at hand.
        width = end - start
        if width & (width - 1) == 0:
            return self._levels[width.bit_length() - 1][start // width]
        split = start + _split(width)
        return node_of(self._over(start, split), self._over(split, end))


def _split(width: int) -> int:
    """Return the largest power of two smaller than a width of 2 or more."""
    return 1 << (width - 1).bit_length() - 1


def is_included(leaf: bytes, *, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Say whether a path proves that a leaf hash stands at ``index`` of the tree of ``size`` leaves with this root."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_of(step, found)
            place, last = _off_the_edge(place, last)
        else:
            found = node_of(found, step)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(*, first: int, size: int, first_root: bytes, root: bytes, path: Sequence[bytes]) -> bool:
    """Say whether a proof shows that the tree of ``size`` leaves begins with the tree of ``first`` leaves."""
    if not 0 < first <= size:
        return False
    if first == size:
        return not path and first_root == root
    whole = [first_root, *path] if first & (first - 1) == 0 else list(path)
    if not whole:
        return False
    perfect = (first & -first).bit_length() - 1
    place, last = first - 1 >> perfect, size - 1 >> perfect
    old = new = whole[0]
    for step in whole[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node_of(step, old), node_of(step, new)
            place, last = _off_the_edge(place, last)
        else:
            new = node_of(new, step)
        place, last = place >> 1, last >> 1
    return last == 0 and old == first_root and new == root


def _off_the_edge(place: int, last: int) -> tuple[int, int]:
    """Go up while this is a left child that has no right sibling: such a node is its child's, unhashed."""
    while place and not place & 1:
        place, last = place >> 1, last >> 1
    return place, last
