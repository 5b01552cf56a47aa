"""What one member asked for lately, in a file that every process of the match service on a machine shares.

Whoever knows one picture that matches can feel for where matching begins and ends: change it a little, ask, change it
again. Such queries lie near one another, far nearer than two uploads do by chance (about 128 of 256 bits). The file
holds, for each of the last queries that were near none before, which different ones came near it since.

It holds hashes of members' uploads: mode 0600, never backed up, begun anew every day.
"""

import fcntl
import math
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

LEADERS = 4096
NEAR = 64
"""Bits. Steps of such a search are at most twice the radius of a match apart; chance gives 64 once in 10^15 pairs."""
BITS = 1024
GROWS, MOST_PASSED = 3, 64
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
        places = [int.from_bytes(blake2b(one.tobytes(), digest_size=2).digest(), "little") % BITS for one in hashes]
        with self._open(day) as groups:
            noted = [groups.note(one, place) for one, place in zip(words, places, strict=True)]
        return [about for about in noted if about]

    @contextmanager
    def _open(self, day: int) -> Iterator["Groups"]:
        # The lock of a file is the process's: threads wait for one another first.
        with self._lock:
            handle, groups = self._there()
            fcntl.flock(handle, fcntl.LOCK_EX)
            try:
                if groups.head[0] != day:
                    groups.begin(day)
                yield groups
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
            self._mapped = handle, Groups(np.memmap(self._path, np.uint8, "r+", shape=(SIZE,)))
        return self._mapped


class Groups:
    """The file as arrays: day and next row; of each row the first hash, what was seen near it, and whether it is free.

    The words of all hashes lie one after the other: a query is compared with all of them at the speed of memory.
    """

    def __init__(self, content: NDArray[np.uint8]) -> None:
        # Plain arrays over the mapping: those of a memmap cost more at each step than what they hold.
        parts = np.split(content.view(np.ndarray), np.cumsum(PARTS)[:-1])
        self.head = parts[0].view("<u8")
        self.words = parts[1].view("<u8").reshape(4, LEADERS)
        self.seen = parts[2].view("<u8").reshape(LEADERS, BITS // 64)
        self.free = parts[3].view("<u2")
        self.flagged = parts[4]

    def begin(self, day: int) -> None:
        """Forget everything of the day before."""
        for part in (self.words, self.seen, self.flagged):
            part[:] = 0
        self.head[:], self.free[:] = (day, 0), FREE

    def note(self, words: NDArray[np.uint64], place: int) -> int:
        """Note one query; return how many its group is about if that is to be flagged now, else 0."""
        counts = np.bitwise_count(self.words ^ words[:, None])
        # Two counts of 64 bits fit a byte, four do not.
        distance = (counts[0] + counts[1]).astype(np.uint16) + (counts[2] + counts[3]) + self.free
        at = int(distance.argmin())
        if distance[at] > NEAR:
            at = self._free()
            self.words[:, at], self.seen[at], self.free[at], self.flagged[at] = words, 0, 0, 0
        self.seen[at, place // 64] |= np.uint64(1 << (place % 64))
        many = self._many(at)
        if self.flagged[at] or many < FLAG_AT:
            return 0
        self.flagged[at] = 1
        return round(-BITS * math.log((BITS - min(many, BITS - 1)) / BITS))

    def _many(self, at: int) -> int:
        return int(np.bitwise_count(self.seen[at]).sum())

    def _free(self) -> int:
        """Return the oldest row that nothing came near to: groups that grow stay, or noise would hide them."""
        for _ in range(MOST_PASSED):
            at = int(self.head[1]) % LEADERS
            self.head[1] += 1
            if self._many(at) < GROWS:
                break
        return at


PARTS = (2 * 8, 4 * 8 * LEADERS, BITS // 8 * LEADERS, 2 * LEADERS, LEADERS)
SIZE = sum(PARTS)
