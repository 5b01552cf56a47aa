"""How far unrelated pictures lie apart, and what growth makes of it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhotline.forecast.models.distances import Hashes, chance_of_random_bits, chance_within, histograms
from openhotline.forecast.models.growth import Share, any_match, share_that_matches
from openhotline.forecast.models.reference import VARIED, read_reference
from openhotline.triage.models.share import Share as SecondLooks

SEED = 5


def random_hashes(many: int) -> Hashes:
    """Hashes of nothing: random bits."""
    return np.random.default_rng(SEED).integers(0, 256, (many, 32), dtype=np.uint8)


def test_every_pair_is_counted_once() -> None:
    hashes = random_hashes(300)
    counts = histograms(hashes, rng=np.random.default_rng(1))
    bits = np.unpackbits(hashes, axis=1).astype(np.int64)
    apart = (bits[:, None, :] != bits[None, :, :]).sum(axis=2)[np.triu_indices(300, 1)]
    assert counts.sum(axis=(0, 1)).tolist() == np.bincount(apart, minlength=257).tolist()


def test_near_pairs_are_counted_and_not_extrapolated() -> None:
    """Thirty copies with one bit changed among six hundred: 30 pairs of 179,700."""
    hashes = random_hashes(600)
    hashes[:30] = hashes[30:60]
    hashes[:30, 0] ^= 1
    chance = chance_within(histograms(hashes, rng=np.random.default_rng(1)))
    assert chance.counted
    assert (chance.within, chance.nearest) == (30, 1)
    assert chance.low <= 30 / chance.pairs <= chance.high


def test_of_random_bits_the_range_holds_what_theory_says() -> None:
    chance = chance_within(histograms(random_hashes(1_500), rng=np.random.default_rng(1)))
    assert not chance.counted
    assert chance.low <= chance_of_random_bits() * 1e6
    assert chance_of_random_bits() <= chance.high < chance.bound


def test_too_few_pictures_say_nothing() -> None:
    with pytest.raises(ValueError, match="too few"):
        chance_within(histograms(random_hashes(20), rng=np.random.default_rng(1)))


def test_theory_of_random_bits_is_the_known_number() -> None:
    assert chance_of_random_bits() == pytest.approx(3.1e-38, rel=0.02)


@given(st.floats(0, 1), st.floats(0, 1e6), st.floats(0, 100), st.floats(0, 1), st.floats(0, 1))
def test_a_share_stays_one(now: float, growth: float, again: float, recall: float, likeness: float) -> None:
    share = share_that_matches(now=now, growth=growth, shared_again=again, recall=recall, by_likeness=likeness)
    assert 0 <= share <= 1 + 1e-9


def test_what_is_made_anew_dilutes_and_what_comes_round_again_does_not() -> None:
    fresh, shared = (
        share_that_matches(now=0.5, growth=100, shared_again=again, recall=0.9, by_likeness=0) for again in (0, 100)
    )
    assert fresh < 0.01
    assert shared > 0.85


def test_any_match_of_a_few_expected() -> None:
    assert any_match(0) == 0
    assert any_match(1e-12) == pytest.approx(1e-12)
    assert any_match(50) == pytest.approx(1)


def test_intervals_are_those_that_second_looks_show() -> None:
    share = Share.counted(3, 40)
    assert (share.low, share.high) == pytest.approx(SecondLooks(3, 40).interval, abs=1e-6)


def test_the_shipped_measurement_holds_every_part() -> None:
    reference = read_reference()
    assert reference.pictures > 5_000
    assert reference.unrelated[VARIED].nearest > 31
    assert all(one.low <= one.mid <= one.high for one in reference.unrelated.values())
    assert all(0 <= one.hits <= one.of for one in (*reference.changes.values(), *reference.remakes.values()))
