"""Search many queries at once, compiled: both sides in tables, and each bucket meets all its queries in one visit."""

from typing import NamedTuple

import numpy as np
from numba import types
from numpy.typing import NDArray

from hashmatch.compiled import UINT16_1D, UINT32_1D, WORDS_2D, compiled, compiled_late
from hashmatch.layout import Plan
from hashmatch.table_kernels import HELD, PLAN, U16, U64, Held, Waiting, confirm
from hashmatch.vectors import BLOCK, lowest, near_lanes, prefetch

ROOM = 4096
STEP = U64(BLOCK)


class Asking(NamedTuple):
    """The queries in one table of their own, as `table_kernels.fill` makes it."""

    offsets: NDArray[np.uint32]
    fingerprints: NDArray[np.uint16]
    rows: NDArray[np.uint32]


ASKING = types.NamedTuple((UINT32_1D, UINT16_1D, UINT32_1D), Asking)


@compiled()
def _meet(
    held: Held, plan: Plan, asking: Asking, chunk: np.uint64, resume: NDArray[np.uint64], waiting: Waiting
) -> np.uint64:
    """Compare the entries of each bucket with all queries that probe it.

    Gathers the entries whose fingerprints are near and returns how many wait. It begins at `resume` (bucket, probe,
    query and entry), and leaves there where it stopped because the room ran out.
    """
    chunks, masks, bits, entries, asked = plan.chunks, plan.masks, plan.bits, waiting.entries, waiting.asked
    offsets, fingerprints, rows = held.offsets, held.fingerprints, held.rows
    query_offsets, query_prints, query_rows = asking.offsets, asking.fingerprints, asking.rows
    table, limit = U64(chunks[chunk, 2]), U16(chunks[chunk, 6])
    first_probe, end_of_probes = U64(chunks[chunk, 3]), U64(chunks[chunk, 4])
    base, start = U64(held.bases[table]), table * U64(held.words.shape[0] + BLOCK)
    count, shift = U64(0), table * U64(BLOCK)
    key, at, query, low = resume[0], resume[1], resume[2], resume[3]
    while key < U64(query_offsets.shape[0] - 1):
        first, end = start + U64(offsets[base + key]), start + U64(offsets[base + key + U64(1)])
        low = max(low, first)
        at = max(at, first_probe)
        while at < end_of_probes and first < end:
            other = key ^ U64(masks[at])
            left = U16(limit - bits[at])
            query = max(query, U64(query_offsets[other]))
            while query < U64(query_offsets[other + U64(1)]):
                fingerprint = query_prints[query]
                while low < end:
                    hits = near_lanes(fingerprints, low, fingerprint, left)
                    if hits:
                        if end - low < STEP:
                            hits &= (U64(1) << (end - low)) - U64(1)
                        while hits:
                            entry = low + lowest(hits) - shift
                            hits &= hits - U64(1)
                            prefetch(rows, entry)
                            entries[count], asked[count] = entry, U64(query_rows[query]) << U64(8) | chunk
                            count += U64(1)
                        if count > U64(ROOM) - STEP:
                            resume[0], resume[1], resume[2], resume[3] = key, at, query, low + STEP
                            return count
                    low += STEP
                low = first
                query += U64(1)
            query = U64(0)
            at += U64(1)
        at, low = U64(0), U64(0)
        key += U64(1)
    resume[0] = key
    return count


@compiled_late(
    types.Tuple((types.uint64[::1], types.int64))(
        HELD, PLAN, ASKING, types.uint64, WORDS_2D, types.uint64, types.uint64[::1], types.int64
    )
)
def join(
    held: Held,
    plan: Plan,
    asking: Asking,
    chunk: np.uint64,
    queries: NDArray[np.uint64],
    radius: np.uint64,
    out: NDArray[np.uint64],
    used: int,
) -> tuple[NDArray[np.uint64], int]:
    """Append to `out` every match (see `table_kernels`) that one table finds and none before it, in no order."""
    waiting = Waiting(np.empty(ROOM, np.uint64), np.empty(ROOM, np.uint64))
    resume = np.zeros(4, np.uint64)
    while resume[0] < U64(asking.offsets.shape[0] - 1):
        count = _meet(held, plan, asking, chunk, resume, waiting)
        out, used = confirm(held, plan, queries, waiting, count, radius, out, used)
    return out, used
