"""How often a process asks the file system whether what it read has changed: at every search, unless it serves.

To ask costs as much as a tenth of a lookup, and a process that serves would ask thousands of times a second. Whether it
asks goes by the clock alone, so that no answer has to do with how long it takes.
"""

import time

SERVING = 0.05
"""Seconds for which a process that serves does not ask again."""
_again = [0.0]


def look_seldom(seconds: float = SERVING) -> None:
    """Ask no more than once in so many seconds, in this process from now on."""
    _again[0] = seconds


class Glance:
    """When one thing was looked at last."""

    def __init__(self) -> None:
        self._last = float("-inf")

    def is_due(self) -> bool:
        """Say whether to look, and take it that this is done."""
        present = time.monotonic()
        if present - self._last < _again[0]:
            return False
        self._last = present
        return True
