"""What one member asked for lately, in a file that every process of the match service on a machine shares.

Whoever knows one picture that matches can feel for where matching begins and ends: change it a little, ask, change it
again. Such queries lie near one another, far nearer than two uploads do by chance (about 128 of 256 bits). The file
holds, for each of the last queries that were near none before, which different ones came near it since: a place of
1,024 for each, by the day's secret words, so that nobody can choose queries that share a place.

It holds hashes of members' uploads: mode 0600, never backed up, begun anew every day.
"""

import fcntl
import math
import os
import secrets
import threading
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from openhotline.hashlists.models.related_parts import BITS, PARTS, SIZE

NEAR = 64
"""Bits. Steps of such a search are at most twice the radius of a match apart; chance gives 64 once in 10^15 pairs."""
FLAG_AT = 96
"""Bits of 1,024 that about 100 different hashes set (1,024 x (1 - e^(-100/1,024)) = 95)."""
FREE = 999


class Related:
    """The near queries of one member, counted over processes; the lock is held for the time of one request.

    The file stays open and mapped in a process that asked it once.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._mapped: tuple[int, Groups] | None = None

    def note(self, hashes: NDArray[np.uint8], *, day: int) -> list[int]:
        """Take note of queries (n, 32); return, for each group that is to be flagged now, how many it is about.

        A group is flagged once a day, when about 100 different hashes lay near its first.
        """
        if not len(hashes):
            return []
        words = np.ascontiguousarray(hashes).view("<u8")
        # The lock of a file is the process's: threads wait for one another first.
        with self._lock:
            handle, groups = self._there()
            if groups.head[0] != day:
                self._begin(handle, groups, day)
            noted = groups.note(handle, words)
        return [round(-BITS * math.log((BITS - min(many, BITS - 1)) / BITS)) for many in noted]

    def _begin(self, handle: int, groups: "Groups", day: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX)
        try:
            if groups.head[0] != day:
                groups.begin(day)
        finally:
            fcntl.flock(handle, fcntl.LOCK_UN)

    def _there(self) -> tuple[int, "Groups"]:
        """Return the open file; opened again where somebody took it away meanwhile."""
        if self._mapped is not None and os.fstat(self._mapped[0]).st_nlink == 0:
            os.close(self._mapped[0])
            self._mapped = None
        if self._mapped is None:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(handle, fcntl.LOCK_EX)
            if os.fstat(handle).st_size != SIZE:
                os.ftruncate(handle, 0)
                os.ftruncate(handle, SIZE)
            fcntl.flock(handle, fcntl.LOCK_UN)
            self._mapped = handle, Groups(np.memmap(self._path, np.uint8, "r+", shape=(SIZE,)))
        return self._mapped


class Groups:
    """The file as an array of bytes, whose parts `related_parts.PARTS` describes."""

    def __init__(self, content: NDArray[np.uint8]) -> None:
        # Compiled code is loaded by who asks, and not by whoever imports the models.
        from openhotline.hashlists.models import related_kernels

        self._note = related_kernels.note
        # A plain array over the mapping: one of a memmap costs more at each step than what it holds.
        self.content = content.view(np.ndarray)
        self.head = self.content[: PARTS[0]].view("<u8")

    def begin(self, day: int) -> None:
        """Forget everything of the day before, also the words by which hashes were given their places."""
        head, words, seen, _, flagged = PARTS
        self.content[:] = 0
        self.content[head + words + seen : -flagged].view("<u2")[:] = FREE
        self.head[:] = (day, 0, secrets.randbits(64), secrets.randbits(64))

    def note(self, handle: int, words: NDArray[np.uint64]) -> list[int]:
        """Note queries (n, 4) in the file of this handle; return of each group to be flagged how many places it has."""
        told: list[int] = self._note(self.content, handle, words, NEAR, FLAG_AT).tolist()
        return told


def make_ready() -> None:
    """Load the compiled code that notes queries, as a process does before its first request."""
    Groups(np.zeros(SIZE, np.uint8)).note(-1, np.zeros((0, 4), np.uint64))
