"""Stacks hold what is near their leader, depend on nothing but hashes and order, and stay."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from hashmatch import InvalidHashes, segments, stack, stacking


def _at(*bits: int) -> NDArray[np.uint8]:
    """Hashes with so many leading bits set, so that two are as far apart as the numbers."""
    return np.packbits(np.arange(256)[None, :] < np.array(bits)[:, None], axis=1)


def _plain(hashes: NDArray[np.uint8], radius: int) -> list[int]:
    """The definition, word by word."""
    leaders: list[int] = []
    labels: list[int] = []
    for row, one in enumerate(hashes):
        near = [(int(np.bitwise_count(one ^ hashes[k]).sum()), label) for label, k in enumerate(leaders)]
        distance, label = min(near, default=(radius + 1, 0))
        if distance > radius:
            label = len(leaders)
            leaders.append(row)
        labels.append(label)
    return labels


def _clustered(seed: int, count: int) -> NDArray[np.uint8]:
    rng = np.random.default_rng(seed)
    hashes = rng.integers(0, 256, (count, 32), np.uint8)
    for row in range(1, count):
        if rng.random() < 0.7:
            bits = np.unpackbits(hashes[rng.integers(0, row)])
            bits[rng.choice(256, rng.integers(0, 36), replace=False)] ^= 1
            hashes[row] = np.packbits(bits)
    return hashes


@given(seed=st.integers(0, 2**32), count=st.integers(0, 80), radius=st.integers(0, 31))
def test_labels_follow_the_definition(seed: int, count: int, radius: int) -> None:
    """Nearest leader within the radius, the earlier of two as near, or a new stack."""
    hashes = _clustered(seed, count)

    assert stack(hashes, radius).tolist() == _plain(hashes, radius)


@given(seed=st.integers(0, 2**32), count=st.integers(0, 120), radius=st.integers(0, 31), tables=st.booleans())
def test_halving_changes_nothing(seed: int, count: int, radius: int, tables: bool) -> None:  # noqa: FBT001
    """Runs cut down to three hashes, their leaders searched by tables or without, give what the definition says."""
    hashes = _clustered(seed, count)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stacking, "SHORT", 3)
        patch.setattr(segments, "TABLES_FROM", 30 if tables else 1000)
        patch.setattr(segments, "JOIN_FROM", {segments.SIXTEEN: 20})

        assert stack(hashes, radius).tolist() == _plain(hashes, radius)


@given(seed=st.integers(0, 2**32), count=st.integers(1, 60), labels=st.integers(1, 30))
def test_halving_keeps_given_labels(seed: int, count: int, labels: int) -> None:
    """Labels anywhere in the list, near or not, some of one hash, lead as they do in one run."""
    hashes = _clustered(seed, count)
    hashes[::4] = hashes[0]
    previous = np.random.default_rng(seed).integers(-1, labels, count)
    whole = stack(hashes, previous=previous)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stacking, "SHORT", 2)

        assert stack(hashes, previous=previous, threads=2).tolist() == whole.tolist()


@given(seed=st.integers(0, 2**32), count=st.integers(1, 120), part=st.floats(0, 1))
def test_growing_a_stacking_equals_stacking_at_once(seed: int, count: int, part: float) -> None:
    """A later hash never moves an earlier one."""
    hashes = _clustered(seed, count)
    first = int(part * count)

    assert stack(hashes, previous=stack(hashes[:first])).tolist() == stack(hashes).tolist()


def test_a_chain_is_broken_at_the_leaders_radius() -> None:
    """Each 20 bits from the next: the third is too far from the first and begins a stack."""
    assert stack(_at(0, 20, 40, 60, 80)).tolist() == [0, 0, 1, 1, 2]


def test_members_are_within_the_radius_of_their_leader() -> None:
    """The bound that the docstring promises, on a crowd."""
    hashes = _clustered(5, 2000)
    labels = stack(hashes)
    leaders = np.unique(labels, return_index=True)[1]

    assert np.bitwise_count(hashes ^ hashes[leaders[labels]]).sum(axis=1).max() <= 31


def test_exactly_the_radius_joins_and_one_more_does_not() -> None:
    """31 is near, 32 is not."""
    assert stack(_at(0, 31)).tolist() == [0, 0]
    assert stack(_at(0, 32)).tolist() == [0, 1]


def test_the_nearest_leader_wins() -> None:
    """Of two leaders within the radius, not the first but the nearer one."""
    assert stack(_at(0, 40, 25)).tolist() == [0, 1, 1]


def test_given_labels_are_kept_and_led_by_their_first() -> None:
    """Whatever the distances; new stacks are numbered after the highest."""
    labels = stack(_at(0, 200, 20, 190, 100), previous=np.array([7, 7, -1, -1]))

    assert labels.tolist() == [7, 7, 7, 8, 9]


def test_identical_hashes_are_one_stack() -> None:
    """However many."""
    assert set(stack(np.zeros((4096, 32), np.uint8)).tolist()) == {0}


def test_no_hashes_no_stacks() -> None:
    """An empty list is a list."""
    assert stack(np.empty((0, 32), np.uint8)).shape == (0,)


@pytest.mark.parametrize("previous", [np.zeros(3, np.int64), np.zeros(2), np.zeros((1, 1), np.int64)])
def test_previous_labels_must_fit(previous: NDArray[np.generic]) -> None:
    """At most one whole number a hash."""
    with pytest.raises(InvalidHashes, match="Previous labels must be at most 2 whole numbers"):
        stack(_at(0, 1), previous=previous)  # type: ignore[arg-type]
