"""Every engine finds what plain comparison finds, however the differing bits are spread."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hashmatch import layout, tables
from hashmatch.layout import SIXTEEN, TWELVE, Widths
from hashmatch.memory import read_only
from hashmatch.segments import Segment
from hashmatch.snapshots import NONE_GONE

Rows = NDArray[np.uint64]
Found = list[tuple[int, int, int]]


def _brute(words: Rows, queries: Rows, radius: int) -> Rows:
    return Segment.of(np.arange(len(words)), words).within(queries, radius, NONE_GONE)


def _probe(widths: Widths) -> Callable[[Rows, Rows, int], Rows]:
    return lambda words, queries, radius: _tables(words, widths).probe(NONE_GONE, queries, radius)


def _join(widths: Widths) -> Callable[[Rows, Rows, int], Rows]:
    return lambda words, queries, radius: _tables(words, widths).join(NONE_GONE, queries, radius)


def _tables(words: Rows, widths: Widths) -> tables.Tables:
    return tables.Tables.build(read_only(words), widths)


# The wide tables take a tenth of a second to make, so they get fewer examples.
ENGINES = [
    pytest.param(_brute, SIXTEEN, 40, id="brute"),
    pytest.param(_probe(SIXTEEN), SIXTEEN, 40, id="sixteen-probe"),
    pytest.param(_join(SIXTEEN), SIXTEEN, 20, id="sixteen-join"),
    pytest.param(_probe(TWELVE), TWELVE, 3, id="twelve-probe", marks=pytest.mark.slow),
    pytest.param(_join(TWELVE), TWELVE, 2, id="twelve-join", marks=pytest.mark.slow),
]
engines = pytest.mark.parametrize(("engine", "widths", "examples"), ENGINES)


def _words(bits: NDArray[np.uint8]) -> Rows:
    """Rows of 256 bits, the lowest bit of the first word first."""
    return np.packbits(bits, axis=1, bitorder="little").view("<u8")


def _distances(queries: Rows, words: Rows) -> NDArray[np.int64]:
    return np.bitwise_count(queries[:, None, :] ^ words[None, :, :]).sum(axis=2, dtype=np.int64)


def _expected(queries: Rows, words: Rows, radius: int) -> Found:
    found = _distances(queries, words)
    query, row = np.nonzero(found <= radius)
    return sorted(zip(query.tolist(), found[query, row].tolist(), row.tolist(), strict=True))


def _found(keys: Rows) -> Found:
    """The triples that the engine's numbers stand for; a pair found twice is there twice."""
    return [(int(key) >> 37, int(key) >> 32 & 31, int(key) & 0xFFFFFFFF) for key in np.sort(keys)]


def _spread(rng: np.random.Generator, widths: Widths, way: str) -> NDArray[np.intp]:
    """The places of 31 differing bits."""
    starts = np.array(layout.starts(widths))
    if way == "tight":
        # As many in each chunk as its allowance, but one less in one: any lower limit would lose the pair.
        counts = np.array(layout.allowances(widths, 31))
        counts[rng.integers(len(counts))] -= 1
        places = [
            start + rng.choice(width, count, replace=False)
            for start, width, count in zip(starts, widths, counts, strict=True)
        ]
        return np.concatenate(places)
    if way == "bunched":
        return (rng.integers(256) + np.arange(31)) % 256
    if way == "borders":
        return rng.permutation(np.unique(np.concatenate((starts, (starts - 1) % 256, (starts + 1) % 256))))[:31]
    one_each = starts + rng.integers(0, min(widths), len(starts))
    rest = np.setdiff1d(np.arange(256), one_each)
    return np.concatenate((one_each, rng.choice(rest, 31 - len(starts), replace=False)))


@engines
def test_engine_is_the_plain_comparison(
    engine: Callable[[Rows, Rows, int], Rows], widths: Widths, examples: int
) -> None:
    """For lists of 0 to 300 with near, equal and far hashes, and every radius."""

    @settings(max_examples=examples)
    @given(seed=st.integers(0, 2**32), count=st.integers(0, 300), radius=st.integers(0, 31))
    def check(seed: int, count: int, radius: int) -> None:
        rng = np.random.default_rng(seed)
        bits = rng.integers(0, 2, (count + 20, 256), np.uint8)
        for row in range(count // 2):
            bits[row] = bits[rng.integers(0, count + 20)]
            bits[row, rng.choice(256, rng.integers(0, 40), replace=False)] ^= 1
        words, queries = _words(bits[:count]), _words(np.concatenate((bits[count:], bits[: count // 8])))

        assert _found(engine(words, queries, radius)) == _expected(queries, words, radius)

    check()


@engines
@pytest.mark.parametrize("way", ["tight", "bunched", "borders", "one each"])
def test_exactly_31_is_found_however_it_is_spread(
    engine: Callable[[Rows, Rows, int], Rows], widths: Widths, examples: int, way: str
) -> None:
    """And 32 in the same way is not."""
    rng = np.random.default_rng(7)
    one = rng.integers(0, 2, 256, np.uint8)
    near = np.tile(one, (200, 1))
    for row in near:
        row[_spread(rng, widths, way)] ^= 1
    further = near.copy()
    for row in further:
        row[rng.choice(np.flatnonzero(row == one))] ^= 1

    found = _found(engine(_words(np.concatenate((near, further))), _words(one[None]), 31))

    assert found == [(0, 31, row) for row in range(200)]


@engines
def test_a_crowd_in_one_bucket_is_found_whole(
    engine: Callable[[Rows, Rows, int], Rows], widths: Widths, examples: int
) -> None:
    """More equal hashes than any buffer holds: each once."""
    words = np.tile(np.array([[1, 2, 3, 4]], np.uint64), (9000, 1))

    assert _found(engine(words, words[:1], 31)) == [(0, 0, row) for row in range(9000)]


def _loses_a_tight_pair(engine: Callable[[Rows, Rows, int], Rows], widths: Widths) -> bool:
    rng = np.random.default_rng(3)
    one = rng.integers(0, 2, 256, np.uint8)
    near = np.tile(one, (400, 1))
    for row in near:
        row[_spread(rng, widths, "tight")] ^= 1
    return len(engine(_words(near), _words(one[None]), 31)) < 400


@pytest.mark.parametrize("engine", [_probe(SIXTEEN), _join(SIXTEEN)], ids=["probe", "join"])
@pytest.mark.parametrize("column", [5, pytest.param(6, marks=pytest.mark.slow)])
def test_a_limit_one_too_low_is_noticed(
    monkeypatch: pytest.MonkeyPatch, engine: Callable[[Rows, Rows, int], Rows], column: int
) -> None:
    """Planted bug: one chunk that may differ in a bit less, or that with its fingerprint, loses tight pairs."""
    plan = layout.plan(SIXTEEN, 31)
    chunks = plan.chunks.copy()
    chunks[4, 6] -= 1
    if column == 5:
        chunks[4, 4] = chunks[4, 3] + 1  # probes the exact key only
    assert not _loses_a_tight_pair(engine, SIXTEEN)

    monkeypatch.setattr(tables, "plan", lambda *_: plan._replace(chunks=read_only(chunks)))

    assert _loses_a_tight_pair(engine, SIXTEEN)


def test_a_probe_left_out_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted bug: one flipped bit is never tried."""
    plan = layout.plan(SIXTEEN, 31)
    masks = plan.masks.copy()
    masks[1::17] = 0

    monkeypatch.setattr(tables, "plan", lambda *_: plan._replace(masks=read_only(masks)))

    assert _loses_a_tight_pair(_probe(SIXTEEN), SIXTEEN)


@pytest.mark.parametrize("widths", [SIXTEEN, pytest.param(TWELVE, marks=pytest.mark.slow)])
@pytest.mark.parametrize("radius", [0, 1, 15, 30, 31])
def test_a_plan_allows_one_bit_more_than_the_radius(widths: Widths, radius: int) -> None:
    """What the argument in `layout` rests on; and every probe of a chunk is there once."""
    plan = layout.plan(widths, radius)

    assert (plan.chunks[:, 5] + 1).sum() == radius + 1
    for _, width, _, first, end, most, _, _ in plan.chunks.tolist():
        tried = plan.masks[first:end].tolist()
        assert sorted(tried) == [mask for mask in range(1 << width) if mask.bit_count() <= most]
