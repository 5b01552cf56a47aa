"""How far unrelated pictures lie apart, and how likely two of them lie within a list's radius."""

from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray

BITS = 256
RADIUS = 31
GROUPS = 20
RESAMPLES = 400
ENOUGH = 10
"""Pairs from which on a share is counted and not extrapolated."""
TAIL = 2e-3
"""Which share of all pairs, the nearest, the tail is fitted to."""
_BLOCK = 256
_ENDS = (2.5, 97.5)
Counts = NDArray[np.int64]
Hashes = NDArray[np.uint8]


@dataclass(frozen=True)
class Chance:
    """How likely two unrelated pictures lie within the radius, and how that was found.

    ``low`` and ``high`` enclose ``mid``: where pairs were counted, by resampling groups of pictures with 95 %; where
    none or too few were, from the curved fit's lower end to the straight fit's upper one. ``bound`` is what counting
    alone excludes with 95 % if pairs were independent, which they are not quite.
    """

    pairs: int
    within: int
    nearest: int
    low: float
    mid: float
    high: float
    bound: float
    counted: bool


def histograms(hashes: Hashes, *, rng: np.random.Generator, groups: int = GROUPS) -> Counts:
    """Return how many pairs of pictures lie 0 to 256 bits apart, by the groups of both: (groups, groups, 257).

    ``hashes`` is (n, 32); pictures are dealt into groups at random. Each pair is counted once, at (lower, higher).
    """
    order = rng.permutation(len(hashes))
    words = np.ascontiguousarray(hashes[order]).view(np.uint64)
    group = np.sort(np.arange(len(words)) % groups)
    counts = np.zeros((groups, groups, BITS + 1), np.int64)
    for start in range(0, len(words), _BLOCK):
        rows = words[start : start + _BLOCK]
        bits = np.bitwise_count(rows[:, None, :] ^ words[None, start:, :]).sum(axis=2, dtype=np.int64)
        later = np.arange(len(words) - start)[None, :] > np.arange(len(rows))[:, None]
        cell = (group[start : start + len(rows), None] * groups + group[None, start:]) * (BITS + 1) + bits
        counts += np.bincount(cell[later], minlength=counts.size).reshape(counts.shape)
    return counts


def chance_within(counts: Counts, *, radius: int = RADIUS, least: int = 0, seed: int = 0) -> Chance:
    """Return how likely a pair lies within the radius, from ``histograms``.

    ``least``: distances below are not there by construction, as with the leaders of stacks. Raises ValueError where
    too few pairs are there to say anything.
    """
    every = counts.sum(axis=(0, 1))
    pairs = int(every.sum())
    if pairs < 1000 or np.count_nonzero(np.diff(np.cumsum(every)[: int(np.argmax(every)) + 1])) < 5:
        raise ValueError(
            f"{pairs:,} pairs of pictures are too few to say how far unrelated pictures lie apart. "
            "Some hundred different pictures are needed."
        )
    within = int(every[: radius + 1].sum())
    drawn = _resampled(counts, np.random.default_rng(seed))
    bound = (3.0 if within == 0 else within + 2 * within**0.5 + 2) / pairs
    nearest = int(np.flatnonzero(every)[0])
    if within >= ENOUGH and least <= radius:
        shares = drawn[:, : radius + 1].sum(axis=1) / drawn.sum(axis=1)
        low, high = (float(one) for one in np.percentile(shares, _ENDS))
        return Chance(pairs, within, nearest, low, within / pairs, high, bound, counted=True)
    window = _window(every, max(least, radius + 1))
    straight = [_extrapolated(one, window, radius, degree=1) for one in drawn]
    curved = [_extrapolated(one, window, radius, degree=2) for one in drawn]
    mid = _extrapolated(every, window, radius, degree=2)
    low, high = float(np.percentile(curved, _ENDS[0])), float(np.percentile(straight, _ENDS[1]))
    return Chance(pairs, within, nearest, min(low, mid), mid, max(high, mid), bound, counted=False)


def chance_of_random_bits(radius: int = RADIUS) -> float:
    """Return how likely two random hashes with as many ones as zeros lie within the radius: what theory alone says."""
    ones = BITS // 2
    # Both have 128 ones; k ones of the other stand on zeros of the one, and as many ones of it are missed: 2k bits.
    favourable = sum(comb(ones, k) ** 2 for k in range(radius // 2 + 1))
    return favourable / comb(BITS, ones)


def _resampled(counts: Counts, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return histograms of resampled groups (pigeonhole bootstrap, Owen 2007): pairs share pictures."""
    groups = len(counts)
    weights = rng.multinomial(groups, np.full(groups, 1 / groups), size=RESAMPLES).astype(np.float64)
    both = weights[:, :, None] * weights[:, None, :]
    own = np.arange(groups)
    # Two copies of one group make no new pairs of different pictures.
    both[:, own, own] = weights
    return np.tensordot(both, counts.astype(np.float64), axes=([1, 2], [0, 1]))


def _window(every: Counts, least: int) -> tuple[int, int]:
    """Return from which to which distance the tail is fitted: from ten pairs on, to a five-hundredth of them."""
    below = np.cumsum(every)
    first = max(least, int(np.searchsorted(below, ENOUGH)))
    last = int(np.searchsorted(below, TAIL * below[-1], side="right"))
    return first, max(last, first + 8)


def _extrapolated(histogram: NDArray[np.number], window: tuple[int, int], radius: int, *, degree: int) -> float:
    at = np.arange(window[0], window[1] + 1)
    below = np.cumsum(histogram)[at].astype(np.float64)
    there = below > 0
    at, below = at[there], below[there]
    # ln of a count n varies by 1/sqrt(n): its weight, in the terms of polyfit, is sqrt(n).
    curve = np.polyfit(at - radius, np.log(below / histogram.sum()), degree, w=np.sqrt(below))
    # The shares fall towards the radius. A curve that would turn up again below the data is no tail.
    if degree == 2 and curve[0] > 0:
        return _extrapolated(histogram, window, radius, degree=1)
    return float(np.exp(curve[-1]))
