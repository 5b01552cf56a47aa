"""A share of what was looked at, and what it says of all."""

from dataclasses import dataclass
from math import sqrt

Z_95 = 1.959964


@dataclass(frozen=True)
class Share:
    """``hits`` of ``of``, with the 95 % interval of Wilson: where the true share of all lies, most likely."""

    hits: int
    of: int

    @property
    def interval(self) -> tuple[float, float] | None:
        """Return the ends of Wilson's 95 % interval, from 0 to 1; None where nothing was looked at."""
        if not self.of:
            return None
        share, square = self.hits / self.of, Z_95 * Z_95
        middle = (share + square / (2 * self.of)) / (1 + square / self.of)
        half = Z_95 * sqrt(share * (1 - share) / self.of + square / (4 * self.of**2)) / (1 + square / self.of)
        return max(0.0, middle - half), min(1.0, middle + half)
