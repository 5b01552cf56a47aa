"""How far two blind opinions agree: percent, Krippendorff's alpha with an interval, and the table of both."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1_000
_ENDS = (2.5, 97.5)


@dataclass(frozen=True)
class Agreement:
    """Agreement of first and second opinions on one question.

    ``percent`` is the share of equal answers. ``alpha`` is Krippendorff's for nominal values and two observers, 1 for
    perfect agreement and 0 for what chance gives; None where everybody always gave the same answer, so that chance
    explains it. ``low`` and ``high`` enclose it with 95 %: percentiles of resampled pairs. ``table`` counts by the
    first opinion's value (row) and the second's (column), in the order of ``values``.
    """

    pairs: int
    percent: float
    alpha: float | None
    low: float | None
    high: float | None
    values: tuple[str, ...]
    table: tuple[tuple[int, ...], ...]


def agreement(pairs: Sequence[tuple[str, str]], *, order: Sequence[str] = (), seed: int = 0) -> Agreement | None:
    """Measure pairs of (first, second); None for no pairs. Values stand in ``order``, others after it by name.

    Alpha after K. Krippendorff, *Content Analysis*, 4th edition, chapter 12; the interval by resampling units after
    Zapf and others, BMC Medical Research Methodology 16:93 (2016). The same pairs and seed give the same interval.
    """
    if not pairs:
        return None
    seen = {value for pair in pairs for value in pair}
    values = (*(one for one in order if one in seen), *sorted(seen - set(order)))
    place = {value: number for number, value in enumerate(values)}
    table = np.zeros((len(values), len(values)), dtype=np.int64)
    for first, second in pairs:
        table[place[first], place[second]] += 1
    (alpha,) = _alphas(table[None])
    drawn = np.random.default_rng(seed).multinomial(len(pairs), table.ravel() / len(pairs), size=RESAMPLES)
    resampled = _alphas(drawn.reshape(RESAMPLES, *table.shape))
    known = resampled[~np.isnan(resampled)]
    low, high = np.percentile(known, _ENDS) if len(known) and not np.isnan(alpha) else (None, None)
    return Agreement(
        pairs=len(pairs),
        percent=100 * float(np.trace(table)) / len(pairs),
        alpha=None if np.isnan(alpha) else float(alpha),
        low=None if low is None else float(low),
        high=None if high is None else float(high),
        values=values,
        table=tuple(tuple(map(int, row)) for row in table),
    )


def _alphas(tables: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return alpha of each table (…, k, k); NaN where all values are the same."""
    units = tables.sum(axis=(1, 2))
    observed = 1 - np.trace(tables, axis1=1, axis2=2) / units
    # Each value counts once a coder: 2 a unit, and no value is paired with itself.
    counts = tables.sum(axis=1) + tables.sum(axis=2)
    all_values = 2 * units
    expected = 1 - (counts * (counts - 1)).sum(axis=1) / (all_values * (all_values - 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected > 0, 1 - observed / expected, np.nan)
