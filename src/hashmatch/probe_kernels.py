"""Look queries up in one table after the other, compiled; for queries too few to stream the tables for."""

import numpy as np
from numba import types
from numpy.typing import NDArray

from hashmatch.balance import balance
from hashmatch.brute_kernels import FIRST_ROOM
from hashmatch.compiled import WORDS_2D, compiled, compiled_late
from hashmatch.layout import Plan
from hashmatch.table_kernels import HELD, PLAN, U16, U64, Held, Waiting, confirm, window
from hashmatch.vectors import BLOCK, LANES, lowest, near_lanes, prefetch

ROOM = 512  # entries compared in full together
STEP = U64(BLOCK)
FETCHED = U64(2048)  # entries of a bucket that are asked for ahead; the processor follows a longer run by itself
SPANS = types.uint64[:, ::1]


@compiled()
def _aim(
    offsets: NDArray[np.uint32],
    masks: NDArray[np.uint32],
    probes: tuple[np.uint64, np.uint64],
    key: np.uint64,
    base: np.uint64,
) -> None:
    """First stage: ask for the offsets of the buckets."""
    for at in range(probes[0], probes[1]):
        prefetch(offsets, base + (key ^ U64(masks[at])))


@compiled()
def _fetch(
    offsets: NDArray[np.uint32],
    fingerprints: NDArray[np.uint16],
    masks: NDArray[np.uint32],
    probes: tuple[np.uint64, np.uint64],
    key: np.uint64,
    base: np.uint64,
    start: np.uint64,
    spans: NDArray[np.uint64],
) -> None:
    """Second stage: note first and end of each bucket in `spans`, and ask for their fingerprints."""
    first, end = probes
    for at in range(first, end):
        bucket = base + (key ^ U64(masks[at]))
        low, high = start + U64(offsets[bucket]), start + U64(offsets[bucket + U64(1)])
        spans[at - first, U64(0)], spans[at - first, U64(1)] = low, high
        low &= ~U64(LANES - 1)
        high = min(high, low + FETCHED)
        while low < high:
            prefetch(fingerprints, low)
            low += U64(LANES)


@compiled()
def _gather(
    held: Held,
    plan: Plan,
    queries: NDArray[np.uint64],
    resume: NDArray[np.uint64],
    spans: NDArray[np.uint64],
    aimed: NDArray[np.uint64],
    waiting: Waiting,
) -> np.uint64:
    """Gather the entries whose fingerprints are near, from step and probe in `resume` on; how many wait.

    The third of `resume` says whether that is in the middle of a step, the last two which steps are first and last.

    A step is one chunk of one query, in three stages: ask for the offsets of its buckets, ask for the buckets, compare
    the fingerprints. Stages of three following steps run together, so that memory answers while others are compared.
    All queries are looked up in a table before the next, so that its pages, and of a short list the table, stay near.
    It stops when the room runs out: a call in the innermost loop would cost more than the loop.
    """
    offsets, fingerprints, rows = held.offsets, held.fingerprints, held.rows
    chunks, masks, bits, entries, asked = plan.chunks, plan.masks, plan.bits, waiting.entries, waiting.asked
    stride, many = U64(held.words.shape[0] + BLOCK), U64(queries.shape[0])
    before, steps, count = resume[3], resume[4], U64(0)
    step, at, resumed = resume[0], resume[1], resume[2] != U64(0)
    while step < steps + U64(2):
        if not resumed:
            if step < steps:
                chunk, query = step // many, step % many
                found = window(
                    queries[query, 0], queries[query, 1], queries[query, 2], queries[query, 3], U64(chunks[chunk, 0])
                )
                width = U64(chunks[chunk, 1])
                key = found & ((U64(1) << width) - U64(1))
                aimed[step & U64(3), 0], aimed[step & U64(3), 1] = key, found >> width
                aimed[step & U64(3), 2], aimed[step & U64(3), 3] = query, chunk
                probes = (U64(chunks[chunk, 3]), U64(chunks[chunk, 4]))
                _aim(offsets, masks, probes, key, U64(held.bases[chunks[chunk, 2]]))
            if before < step <= steps:
                last = step - U64(1)
                key, chunk = aimed[last & U64(3), 0], aimed[last & U64(3), 3]
                table, probes = U64(chunks[chunk, 2]), (U64(chunks[chunk, 3]), U64(chunks[chunk, 4]))
                _fetch(
                    offsets,
                    fingerprints,
                    masks,
                    probes,
                    key,
                    U64(held.bases[table]),
                    table * stride,
                    spans[last & U64(1)],
                )
        if step >= before + U64(2):
            now, span = (step - U64(2)) & U64(3), step & U64(1)
            fingerprint, chunk = U16(aimed[now, 1]), aimed[now, 3]
            tag = aimed[now, 2] << U64(8) | chunk
            limit, first, end = U16(chunks[chunk, 6]), U64(chunks[chunk, 3]), U64(chunks[chunk, 4])
            shift = U64(chunks[chunk, 2] * BLOCK)
            while at < end - first:
                low, high = spans[span, at, U64(0)], spans[span, at, U64(1)]
                left = U16(limit - bits[first + at])
                while low < high:
                    hits = near_lanes(fingerprints, low, fingerprint, left)
                    if hits:
                        if high - low < STEP:
                            hits &= (U64(1) << (high - low)) - U64(1)
                        while hits:
                            entry = low + lowest(hits) - shift
                            hits &= hits - U64(1)
                            prefetch(rows, entry)
                            entries[count], asked[count] = entry, tag
                            count += U64(1)
                        if count > U64(ROOM) - STEP:
                            spans[span, at, U64(0)] = low + STEP
                            resume[0], resume[1], resume[2] = step, at, U64(1)
                            return count
                    low += STEP
                at += U64(1)
        at, resumed = U64(0), False
        step += U64(1)
    resume[0] = step
    return count


@compiled()
def _probed(
    held: Held, plan: Plan, queries: NDArray[np.uint64], radius: np.uint64, first: np.uint64, end: np.uint64
) -> NDArray[np.uint64]:
    """Every match (see `table_kernels`) of steps `first` to `end`, once, in no order."""
    most = np.int64(0)
    for at in range(plan.chunks.shape[0]):
        most = max(most, plan.chunks[at, 4] - plan.chunks[at, 3])
    spans, aimed = np.empty((2, most, 2), np.uint64), np.empty((4, 4), np.uint64)
    waiting = Waiting(np.empty(ROOM, np.uint64), np.empty(ROOM, np.uint64))
    out, used, resume = np.empty(FIRST_ROOM, np.uint64), 0, np.zeros(5, np.uint64)
    resume[0] = resume[3] = first
    resume[4] = end
    while resume[0] < resume[4] + U64(2):
        count = _gather(held, plan, queries, resume, spans, aimed, waiting)
        out, used = confirm(held, plan, queries, waiting, count, radius, out, used)
    return out[:used]


@compiled_late(types.uint64[::1](HELD, PLAN, WORDS_2D, types.uint64, types.uint64, types.uint64))
def probe(
    held: Held, plan: Plan, queries: NDArray[np.uint64], radius: np.uint64, first: np.uint64, end: np.uint64
) -> NDArray[np.uint64]:
    """Every match (see `table_kernels`) of steps `first` to `end`, once, in no order.

    Step `chunk * queries + query` is one query in one table, and finds what no table before finds of that query.
    """
    return _probed(held, plan, queries, radius, first, end)


@compiled_late(types.uint64[::1](HELD, PLAN, WORDS_2D, types.uint64))
def probe_one(held: Held, plan: Plan, query: NDArray[np.uint64], radius: np.uint64) -> NDArray[np.uint64]:
    """Every match of one query (1, 4) that is not balanced yet, sorted: what a lookup takes, in one call."""
    even = np.empty((1, 4), np.uint64)
    balance(query, np.empty(0, np.int64), even)
    found = _probed(held, plan, even, radius, U64(0), U64(plan.chunks.shape[0]))
    found.sort()
    return found
