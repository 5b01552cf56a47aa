"""Rows of an index that do not change, and the engine that searches them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from hashmatch import brute_kernels, id_kernels
from hashmatch.hashes import WORDS
from hashmatch.layout import SIXTEEN, TWELVE, Widths
from hashmatch.memory import allocate, read_only
from hashmatch.tables import Tables, spread

# Between where the engines cross: looking up and joining take the same time from about 50,000 queries on at a million
# hashes, whose tables stay in the cache, and from 3,000 on at ten million (AMD EPYC with AVX2).
TABLES_FROM = 1 << 14  # rows
TWELVE_FROM = 50_000_000  # rows
JOIN_FROM = {SIXTEEN: 6_000, TWELVE: 200_000}  # queries

_QUERIES = 1 << 22  # at a time; a match has room for 27 bits of query
_SPREAD = 64  # fewer queries are not worth a thread
MOST_ROWS = (1 << 32) - 1

Widened = Widths | None
Bits = NDArray[np.uint8]


def widths_for(size: int) -> Widened:
    """The layout of the tables for so many rows; None for a list that is compared as a whole."""
    if size < TABLES_FROM:
        return None
    return SIXTEEN if size < TWELVE_FROM else TWELVE


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """`ids` (n,) int64 ascending; `words` (n, 4) uint64 in balanced order; tables, or columns (4, n) without.

    All are read-only and may be maps of a file.
    """

    ids: NDArray[np.int64]
    words: NDArray[np.uint64]
    tables: Tables | None
    columns: NDArray[np.uint64] | None

    def __len__(self) -> int:
        return self.ids.size

    @classmethod
    def of(
        cls, ids: NDArray[np.int64], words: NDArray[np.uint64], widths: Widened = None, threads: int = 1
    ) -> "Segment":
        """Build from rows ascending by id."""
        ids, words = read_only(ids), read_only(words)
        if widths is None:
            return cls(ids, words, None, read_only(np.ascontiguousarray(words.T)))
        return cls(ids, words, Tables.build(words, widths, threads), None)

    @property
    def bytes(self) -> int:
        """Bytes in memory or in the file."""
        size = self.ids.nbytes + self.words.nbytes
        if self.columns is not None:
            size += self.columns.nbytes
        return size + (self.tables.bytes if self.tables is not None else 0)

    def rows_of(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Row of each of these ids, which ascend; -1 for an id that is not here."""
        rows: NDArray[np.int64] = id_kernels.rows_of(self.ids, ids)
        return rows

    def within(self, queries: NDArray[np.uint64], radius: int, gone: Bits, threads: int = 1) -> NDArray[np.uint64]:
        """Every match of `queries` (m, 4), balanced, with rows not `gone` (a bit a row, or empty), sorted.

        A match is query << 37 | distance << 32 | row.
        """
        cuts = range(0, max(queries.shape[0], 1), _QUERIES)
        found = [self._sorted(queries[cut : cut + _QUERIES], cut, radius, gone, threads) for cut in cuts]
        return found[0] if len(found) == 1 else np.concatenate(found)

    def near(self, query: NDArray[np.uint64], radius: int, gone: Bits) -> list[tuple[int, int]]:
        """Id and distance of every row not `gone` near one query (1, 4), not balanced; by distance, then id."""
        if self.tables is None:
            assert self.columns is not None
            found = brute_kernels.within_of_one(self.columns, gone, query, radius)
        else:
            found = self.tables.probe_one(gone, query, radius)
        ids = self.ids
        return [(int(ids[key & 0xFFFFFFFF]), key >> 32 & 31) for key in found.tolist()]

    def _sorted(
        self, queries: NDArray[np.uint64], before: int, radius: int, gone: Bits, threads: int
    ) -> NDArray[np.uint64]:
        count = queries.shape[0]
        threads = min(threads, max(1, count // _SPREAD))
        if self.tables is None:
            found = self._compared(queries, radius, gone, threads)
        elif count >= JOIN_FROM.get(self.tables.widths, 0):
            found = self.tables.join(gone, queries, radius, threads)
        else:
            found = self.tables.probe(gone, queries, radius, threads)
        found.sort()
        return found + np.uint64(before << 37) if before else found

    def _compared(self, queries: NDArray[np.uint64], radius: int, gone: Bits, threads: int) -> NDArray[np.uint64]:
        columns, count = self.columns, queries.shape[0]
        assert columns is not None
        pieces = threads if threads == 1 else 4 * threads  # so that who is slower takes fewer
        cuts = list(pairwise(count * piece // pieces for piece in range(pieces + 1)))

        def compare(left: Iterator[tuple[int, int]]) -> list[NDArray[np.uint64]]:
            return [
                brute_kernels.within(columns, gone, queries[cut:end], radius) + np.uint64(cut << 37)
                for cut, end in left
            ]

        found = [one for some in spread(compare, cuts, threads) for one in some]
        return np.concatenate(found) if len(found) > 1 else found[0]


def merged(pieces: list[tuple[Segment, Bits]], threads: int = 1) -> Segment:
    """One segment of the rows of several that are not gone."""
    kept = [slice(None) if not gone.size else ~unpacked(gone, len(part)) for part, gone in pieces]
    ids = np.concatenate(
        [np.empty(0, np.int64), *(part.ids[keep] for (part, _), keep in zip(pieces, kept, strict=True))]
    )
    order = np.argsort(ids, kind="stable")
    words = allocate(ids.size * WORDS, np.uint64).reshape(-1, WORDS)
    at = 0
    for (part, _), keep in zip(pieces, kept, strict=True):
        some = part.words[keep]
        words[at : at + len(some)] = some
        at += len(some)
    if len(pieces) > 1:
        np.take(words.copy(), order, axis=0, out=words)
    return Segment.of(ids[order], words, widths_for(ids.size), threads)


def unpacked(gone: Bits, size: int) -> NDArray[np.bool_]:
    """One boolean a row."""
    return np.unpackbits(gone, count=size, bitorder="little").astype(np.bool_)
