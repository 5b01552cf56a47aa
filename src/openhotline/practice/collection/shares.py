"""Whole numbers out of shares."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def largest_remainder(total: int, weights: Mapping[Key, float]) -> dict[Key, int]:
    """Divide `total` things in proportion to `weights`, so that the parts sum to it exactly.

    Every part is the exact quotient rounded down or up; the largest remainders are rounded up (Hamilton's
    method), and of equal remainders the one named first. The weights need not sum to one.

    Raises:
        ValueError: there is something to divide and no weight above zero.
    """
    whole = sum(weights.values())
    if total and whole <= 0:
        raise ValueError(f"{total} cannot be divided: no weight is above zero. Give at least one share.")
    exact = {key: total * weight / whole if whole else 0.0 for key, weight in weights.items()}
    parts = {key: int(value) for key, value in exact.items()}
    by_remainder = sorted(weights, key=lambda key: parts[key] - exact[key])
    for key in by_remainder[: total - sum(parts.values())]:
        parts[key] += 1
    return parts
