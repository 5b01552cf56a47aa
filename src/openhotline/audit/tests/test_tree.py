"""Root, inclusion and consistency, against the definitions of RFC 6962 as they are written: slow, and independent."""

from functools import cache
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhotline.audit.models.tree import Tree, grow, is_consistent, is_included, leaf_of, root_of

MOST = 300
LEAVES = [sha256(b"\0" + str(n).encode()).digest() for n in range(MOST)]
TREE = Tree(LEAVES)


def split_of(size: int) -> int:
    """Return k of the RFC: the largest power of two smaller than size."""
    k = 1
    while 2 * k < size:
        k *= 2
    return k


@cache
def mth(start: int, end: int) -> bytes:
    """MTH(D[start:end]), section 2.1."""
    if start == end:
        return sha256(b"").digest()
    if end - start == 1:
        return LEAVES[start]
    k = split_of(end - start)
    return sha256(b"\1" + mth(start, start + k) + mth(start + k, end)).digest()


def path_of(m: int, start: int, end: int) -> list[bytes]:
    """PATH(m, D[start:end]), section 2.1.1; m counts from start."""
    if end - start == 1:
        return []
    k = split_of(end - start)
    if m < k:
        return [*path_of(m, start, start + k), mth(start + k, end)]
    return [*path_of(m - k, start + k, end), mth(start, start + k)]


def subproof(m: int, start: int, end: int, *, whole: bool) -> list[bytes]:
    """SUBPROOF(m, D[start:end], b), section 2.1.2."""
    size = end - start
    if m == size:
        return [] if whole else [mth(start, end)]
    k = split_of(size)
    if m <= k:
        return [*subproof(m, start, start + k, whole=whole), mth(start + k, end)]
    return [*subproof(m - k, start + k, end, whole=False), mth(start, start + k)]


def wrong_inclusions(most: int) -> list[tuple[int, int]]:
    """Return every (index, size) whose path is not the definition's, or does not verify."""
    return [
        (index, size)
        for size in range(1, most + 1)
        for index in range(size)
        if (path := TREE.inclusion(index, size)) != path_of(index, 0, size)
        or not is_included(LEAVES[index], index=index, size=size, path=path, root=mth(0, size))
    ]


def wrong_consistencies(most: int) -> list[tuple[int, int]]:
    """Return every (first, size) whose proof is not the definition's, or does not verify."""
    return [
        (first, size)
        for size in range(1, most + 1)
        for first in range(1, size + 1)
        if (path := TREE.consistency(first, size)) != subproof(first, 0, size, whole=True)
        or not is_consistent(first=first, size=size, first_root=mth(0, first), root=mth(0, size), path=path)
    ]


def test_every_root_is_the_definitions() -> None:
    frontier: list[tuple[int, bytes]] = []
    assert TREE.root(0) == root_of([]) == mth(0, 0)
    for size, leaf in enumerate(LEAVES, 1):
        grow(frontier, leaf)
        assert root_of(frontier) == TREE.root(size) == mth(0, size)


def test_every_small_proof_is_the_definitions() -> None:
    assert (wrong_inclusions(64), wrong_consistencies(64)) == ([], [])


@pytest.mark.slow
def test_every_proof_up_to_300_leaves_is_the_definitions() -> None:
    assert (wrong_inclusions(MOST), wrong_consistencies(MOST)) == ([], [])


def flipped(path: list[bytes]) -> list[list[bytes]]:
    """Return a proof with one bit turned, for each of its bits."""
    found = []
    for place, step in enumerate(path):
        for bit in range(256):
            bad = (int.from_bytes(step) ^ (1 << bit)).to_bytes(32)
            found.append([*path[:place], bad, *path[place + 1 :]])
    return found


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 11])
def test_no_proof_with_one_bit_turned_verifies(size: int) -> None:
    root = mth(0, size)
    for index in range(size):
        for bad in flipped(TREE.inclusion(index, size)):
            assert not is_included(LEAVES[index], index=index, size=size, path=bad, root=root)
    for first in range(1, size):
        for bad in flipped(TREE.consistency(first, size)):
            assert not is_consistent(first=first, size=size, first_root=mth(0, first), root=root, path=bad)


@given(st.integers(1, MOST), st.data())
def test_a_path_proves_nothing_else(size: int, data: st.DataObject) -> None:
    """Not another leaf, not another place, not another size, not with a step more or less."""
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, MOST - 1).filter(lambda n: n != index))
    path, root = TREE.inclusion(index, size), mth(0, size)
    assert not is_included(LEAVES[other], index=index, size=size, path=path, root=root)
    assert not is_included(LEAVES[index], index=other, size=size, path=path, root=root)
    assert not is_included(LEAVES[index], index=index, size=size, path=[*path, leaf_of(b"")], root=root)
    assert not is_included(LEAVES[index], index=index, size=size, path=path[:-1], root=root) or not path


@given(st.integers(1, MOST), st.data())
def test_a_consistency_proof_proves_no_other_pair(size: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(1, size))
    path = TREE.consistency(first, size)
    proof = {"first_root": mth(0, first), "root": mth(0, size), "path": path}
    other = data.draw(st.integers(-1, MOST).filter(lambda n: n not in (first, size)))
    assert not is_consistent(first=other, size=size, **{**proof, "first_root": mth(0, max(other, 0))})
    assert not is_consistent(first=first, size=size, **{**proof, "path": [*path, leaf_of(b"")]})


def test_planted_a_tree_that_hashes_nodes_like_leaves_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the byte that tells a node from a leaf, a node could be passed off as a record."""
    monkeypatch.setattr("openhotline.audit.models.tree.node_of", lambda left, right: leaf_of(left + right))
    assert Tree(LEAVES[:3]).root(3) != mth(0, 3)
