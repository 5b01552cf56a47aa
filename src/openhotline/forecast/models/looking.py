"""One simulated person's looks, held against the rules on breaks and the daily budget."""

from collections import deque

from openhotline.forecast.models.hotline import DAY, Limits


class Looking:
    """The rules of `exposure.states.check_may_look` in running sums, in seconds since the beginning.

    A test plays random looks through both and compares.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._spell: deque[tuple[float, float]] = deque()
        self._in_spell = 0.0
        self._day = -1.0
        self.today = 0.0
        self.breaks = 0

    def rest(self, at: float) -> float:
        """Return how many seconds from ``at`` on nothing may be shown; 0 when there is no reason."""
        if at // DAY == self._day and self.today >= self._limits.most_a_day:
            return (self._day + 1) * DAY - at
        while self._spell and self._spell[0][0] <= at - self._limits.window:
            self._in_spell -= self._spell.popleft()[1]
        if self._in_spell < self._limits.most_in_window:
            return 0.0
        return max(0.0, self._spell[-1][0] + self._limits.pause - at)

    def look(self, at: float, seconds: float) -> None:
        """Count one look that begins at ``at``."""
        if self._spell and at - self._spell[-1][0] >= self._limits.pause:
            self._spell.clear()
            self._in_spell = 0.0
        self._spell.append((at + seconds, seconds))
        self._in_spell += seconds
        if at // DAY != self._day:
            self._day, self.today = at // DAY, 0.0
        self.today += seconds
