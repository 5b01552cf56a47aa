"""The tables of one segment: built once, searched by probing or by joining, never changed."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hashmatch import join_kernels, probe_kernels, table_kernels
from hashmatch.layout import Plan, Widths, plan, starts
from hashmatch.memory import allocate, read_only
from hashmatch.vectors import BLOCK

_FIRST_ROOM = 1 << 16
_A_CORES_CACHE = 4 << 20  # bytes of fingerprints; with 2 MB threads are faster apart, with 6 MB and 20 MB together


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """`words` (n, 4) uint64 in one table a chunk of `widths`; the arrays as in `table_kernels.Held`."""

    widths: Widths
    words: NDArray[np.uint64]
    offsets: NDArray[np.uint32]
    fingerprints: NDArray[np.uint16]
    rows: NDArray[np.uint32]

    @classmethod
    def build(cls, words: NDArray[np.uint64], widths: Widths, threads: int = 1) -> "Tables":
        """Fill the tables, over threads if asked."""
        size, bases = words.shape[0], _bases(widths)
        offsets = allocate(int(bases[-1]), np.uint32)
        fingerprints = allocate(len(widths) * (size + BLOCK), np.uint16)
        rows = allocate(len(widths) * size, np.uint32)
        begins = starts(widths)

        def fill(left: Iterator[int]) -> None:
            room = allocate(size, np.uint64)
            for table in left:
                at = table * (size + BLOCK)
                table_kernels.fill(
                    words,
                    np.uint64(begins[table]),
                    np.uint64(widths[table]),
                    offsets[bases[table] : bases[table + 1]],
                    fingerprints[at : at + size],
                    rows[table * size : (table + 1) * size],
                    room,
                )

        spread(fill, range(len(widths)), threads)
        return cls(widths, words, read_only(offsets), read_only(fingerprints), read_only(rows))

    @property
    def bytes(self) -> int:
        """Bytes of the tables, without the hashes."""
        return self.offsets.nbytes + self.fingerprints.nbytes + self.rows.nbytes

    def sound(self) -> bool:
        """Say whether following the offsets stays inside the tables: what a file may have got wrong."""
        bases, size = _bases(self.widths), self.words.shape[0]
        for first, end in pairwise(bases):
            offsets = self.offsets[first:end]
            if offsets[0] != 0 or offsets[-1] != size or np.any(offsets[1:] < offsets[:-1]):
                return False
        return True

    def probe(
        self, gone: NDArray[np.uint8], queries: NDArray[np.uint64], radius: int, threads: int = 1
    ) -> NDArray[np.uint64]:
        """Find the matches by looking each query up."""
        held, asked, most = self._held(gone), plan(self.widths, radius), np.uint64(radius)

        def look(left: Iterator[tuple[int, int]]) -> list[NDArray[np.uint64]]:
            return [
                probe_kernels.probe(held, asked, queries, most, np.uint64(first), np.uint64(end)) for first, end in left
            ]

        together = self.words.shape[0] * self.fingerprints.itemsize > _A_CORES_CACHE
        parts = shares(len(asked.chunks), queries.shape[0], threads, together=together)
        found = [one for some in spread(look, parts, threads) for one in some]
        return np.concatenate(found) if len(found) > 1 else found[0]

    def probe_one(self, gone: NDArray[np.uint8], query: NDArray[np.uint64], radius: int) -> NDArray[np.uint64]:
        """Find the matches of one query (1, 4) that is not balanced yet, sorted."""
        asked = plan(self.widths, radius)
        return np.asarray(probe_kernels.probe_one(self._held(gone), asked, query, np.uint64(radius)))

    def join(
        self, gone: NDArray[np.uint8], queries: NDArray[np.uint64], radius: int, threads: int = 1
    ) -> NDArray[np.uint64]:
        """Find the matches table by table, all queries together."""
        held, asked = self._held(gone), plan(self.widths, radius)
        found = spread(lambda left: self._joined(held, asked, queries, radius, left), range(len(asked.chunks)), threads)
        return np.concatenate(found) if len(found) > 1 else found[0]

    def _joined(
        self, held: table_kernels.Held, asked: Plan, queries: NDArray[np.uint64], radius: int, chunks: Iterator[int]
    ) -> NDArray[np.uint64]:
        out, used = np.empty(_FIRST_ROOM, np.uint64), 0
        size = queries.shape[0]
        fingerprints, rows = np.empty(size, np.uint16), np.empty(size, np.uint32)
        room = np.empty(size, np.uint64)
        for chunk in chunks:
            start, width = np.uint64(asked.chunks[chunk, 0]), np.uint64(asked.chunks[chunk, 1])
            offsets = np.empty((1 << int(width)) + 1, np.uint32)
            table_kernels.fill(queries, start, width, offsets, fingerprints, rows, room)
            asking = join_kernels.Asking(read_only(offsets), read_only(fingerprints), read_only(rows))
            out, used = join_kernels.join(held, asked, asking, np.uint64(chunk), queries, np.uint64(radius), out, used)
        return np.asarray(out[:used])

    def _held(self, gone: NDArray[np.uint8]) -> table_kernels.Held:
        return table_kernels.Held(self.words, gone, self.offsets, self.fingerprints, self.rows, _bases(self.widths))


def sizes(rows: int, widths: Widths) -> list[tuple[str, int]]:
    """Type and number of elements of offsets, fingerprints and rows of so many hashes."""
    tables = len(widths)
    return [("<u4", int(_bases(widths)[-1])), ("<u2", tables * (rows + BLOCK)), ("<u4", tables * rows)]


@lru_cache
def _bases(widths: Widths) -> NDArray[np.int64]:
    """Where the offsets of each table begin, and where the last ends."""
    return read_only(np.cumsum([0, *((1 << width) + 1 for width in widths)], dtype=np.int64))


def shares(tables: int, queries: int, threads: int, *, together: bool) -> list[tuple[int, int]]:
    """Cut the steps of a search (see `probe_kernels.probe`) for so many threads; for one, all in one piece.

    A table's buckets are asked for again and again, so it is to stay in a cache. One that a core's own cache holds is
    one thread's; with `together` each is cut into a share of the queries a thread: all work on one table at a time, and
    the cache that they share holds one table where it would not hold one for each.
    """
    if threads == 1:
        return [(0, tables * queries)]
    pieces = threads if together else 1
    return list(pairwise(at * queries // pieces for at in range(tables * pieces + 1)))


def spread(function: Callable[[Iterator[Any]], Any], parts: Iterable[Any], threads: int) -> list[Any]:
    """Give a function all parts to go through, in as many threads as asked; return what each of them came to.

    The caller is one of the threads, and there may be fewer. Each takes the next part that none has begun: one whose
    processor is slowed down takes fewer, and all end together.
    """
    left = iter(parts)
    # Taking the next part is one step of the interpreter, for a list and a range: none is taken twice.
    hands = _hands(threads - 1) if threads > 1 else None
    waiting = [hands.submit(function, left) for _ in range(threads - 1)] if hands else []
    found = [function(left)]
    return found + [one.result() for one in waiting if not one.cancel()]


# Kept from one search to the next: a thread begun for a search of milliseconds waits about as long for a processor.
@lru_cache
def _hands(count: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(count, thread_name_prefix="hashmatch")


# A forked process has the pool and none of its threads.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_hands.cache_clear)
