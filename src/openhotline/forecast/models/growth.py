"""What the growth of a list, and of what is newly made, does to matching."""

from dataclasses import dataclass
from math import expm1, sqrt
from statistics import NormalDist

SIZES = tuple(10**power for power in range(4, 10))
"""Entries of a list, to 10^9."""
SHARED_AGAIN = (0, 1, 10)
GROWTH = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
_Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class Share:
    """A share with the 95 % interval it most likely lies in."""

    mid: float
    low: float
    high: float

    @classmethod
    def counted(cls, hits: int, of: int) -> "Share":
        """Return hits of all, with Wilson's interval; 0 to 1 where there is nothing."""
        if not of:
            return cls(0.0, 0.0, 1.0)
        share, square = hits / of, _Z * _Z
        middle = (share + square / (2 * of)) / (1 + square / of)
        half = _Z * sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
        return cls(share, max(0.0, middle - half), min(1.0, middle + half))


def any_match(expected: float) -> float:
    """Return how likely at least one match is, where so many are expected."""
    return -expm1(-expected)


def share_that_matches(*, now: float, growth: float, shared_again: float, recall: float, by_likeness: float) -> float:
    """Return the share of all that comes in which matches a list.

    Of one file that comes in today, ``now`` match. Beside it ``growth`` files are newly made, each of which is found
    once as it is made and then ``shared_again`` times, changed on the way. What was found once is on the list; changed
    copies match with ``recall``, and new ones only ``by_likeness`` to something listed.
    """
    for name, share in (("now", now), ("recall", recall), ("by_likeness", by_likeness)):
        if not 0 <= share <= 1:
            raise ValueError(f"{name} is {share:g}; a share is from 0 to 1.")
    if growth < 0 or shared_again < 0:
        raise ValueError(f"growth {growth:g} and sharing {shared_again:g} are not below 0.")
    matched = now + growth * (by_likeness + shared_again * recall)
    return matched / (1 + growth * (1 + shared_again))
