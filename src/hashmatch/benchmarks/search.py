"""Exact search beside threatexchange and faiss, on one list in turn, and beside what the memory gives.

One thread counts its own time, that of others on the machine does not; two threads are measured by the clock.
"""

import gc
import time
from collections.abc import Iterator

import numpy as np

from hashmatch import Index
from hashmatch.benchmarks import lists, memory_limits, peers
from hashmatch.benchmarks.beside import doubled
from hashmatch.benchmarks.measuring import Row, Seconds, Setting, Step, at_least, at_most, compared, interleaved, stated
from hashmatch.benchmarks.pictures import picture_hashes

RADIUS = 31
JOINED = 100_000
PLANTED = 30_000  # two thirds of them within the radius
BARS = {1_000_000: (60, 150), 10_000_000: (80, 150)}
"""Of each size: how many times faster than threatexchange in a batch, and joined."""
MOST_BYTES, MOST_SECONDS = 170, 10
THREADED_SECONDS = 8, 1
"""About how long one thread works in all the rounds that show what two threads gain; quickly."""


def measure(setting: Setting) -> Iterator[Row]:
    """Yield the rows of this suite: lists of 1 and 10 million, random and skewed; quickly one of 200,000."""
    for size in (200_000,) if setting.quick else BARS:
        for kind in ("random", "skewed"):
            yield from _of_a_list(size, kind, setting)
            gc.collect()


def _of_a_list(size: int, kind: str, setting: Setting) -> Iterator[Row]:
    name = f"search of {size / 1e6:g} M {kind}"
    setting.tell(name)
    rng = np.random.default_rng(size)
    centres = picture_hashes(setting.folder, setting.sized(10_000, 2_000))
    hashes = lists.random_list(rng, size) if kind == "random" else lists.skewed_list(rng, size, centres)
    begun = time.process_time()
    index = Index.build(hashes, np.arange(size))
    built = time.process_time() - begun
    yield at_most(f"{name}: build", built, MOST_SECONDS, "s", "one thread, with the compiler where it is the first")
    yield at_most(f"{name}: bytes a hash", index.bytes / size, MOST_BYTES, "bytes", "the hash's 32 included")
    yield from _recall(name, index, hashes, rng)
    yield from _speed(name, index, hashes, rng, setting)


def _recall(name: str, index: Index, hashes: lists.Hashes, rng: np.random.Generator) -> Iterator[Row]:
    """Planted neighbours found by both engines, as a share; the pairs beyond the radius, which must be none."""
    queries, rows, distances = lists.planted(rng, hashes, PLANTED)
    near = set(np.flatnonzero(distances <= RADIUS).tolist())
    for engine, batch in (("looked up", 1_000), ("joined", PLANTED)):
        hit, beyond = set(), 0
        for start in range(0, PLANTED, batch):
            found = index.search(queries[start : start + batch])
            right = found.id == rows[found.query + start]
            hit.update((found.query[right] + start).tolist())
            beyond += int((found.distance > RADIUS).sum())
        note = f"{len(near)} planted, {int((distances == RADIUS).sum())} at exactly 31"
        yield at_least(f"{name}: recall {engine}", [len(hit & near) / len(near)], 1, "", note)
        yield at_most(f"{name}: beyond the radius {engine}", beyond + len(hit - near), 0, "pairs", "")


def _speed(name: str, index: Index, hashes: lists.Hashes, rng: np.random.Generator, setting: Setting) -> Iterator[Row]:
    size, rounds = len(hashes), setting.sized(5, 3)
    queries = lists.random_list(rng, JOINED)
    batch, few = queries[: setting.sized(5_000, 2_000)], queries[: max(4, min(500, 500_000_000 // size))]
    index_of_peer, flat = peers.pdq_index(hashes), peers.faiss_flat(hashes, RADIUS)
    limits = memory_limits.limits()
    contenders: dict[str, Step] = {
        "batch": lambda: index.search(batch),
        "one a call": lambda: [index.search(few[at : at + 1]) for at in range(len(few))],
        "joined": lambda: index.search(queries),
        peers.PDQ_INDEX: lambda: index_of_peer(few),
        peers.FLAT: lambda: flat(few),
        **{limit: step for limit, (step, _) in limits.items()},
    }
    seconds = interleaved(contenders, rounds, time.process_time)
    batch_bar, joined_bar = BARS.get(size, (None, None))
    counts = {"batch": (len(batch), batch_bar), "joined": (JOINED, joined_bar), "one a call": (len(few), None)}
    for way, (count, bar) in counts.items():
        note = f"{count / np.median(seconds[way]):,.0f} queries a second"
        for other, wanted in ((peers.PDQ_INDEX, bar), (peers.FLAT, None)):
            yield compared(f"{name}, {way}", seconds, way, other, each=count, bar=wanted, note=note, peer_each=len(few))
    yield from _beside_the_limits(
        name, size, seconds, len(batch), {limit: count for limit, (_, count) in limits.items()}
    )
    yield from _two_threads(name, index, queries, batch, setting)


def _beside_the_limits(name: str, size: int, seconds: Seconds, queries: int, counts: dict[str, int]) -> Iterator[Row]:
    """How near the batch comes to the rate at which its cache lines could be had at random."""
    random, row = memory_limits.AT_RANDOM, memory_limits.IN_A_ROW
    lines = [counts[random] / one for one in seconds[random]]
    # 16 tables of 17 buckets, each an offset and its fingerprints of 4 bytes in lines of 64.
    a_query = 272 * (1 + size / 65_536 * 4 / 64)
    shares = [100 * (queries / own) * a_query / rate for own, rate in zip(seconds["batch"], lines, strict=True)]
    note = f"{a_query:.0f} lines a query; more than 100 where the cache helps or lines lie in a row"
    yield stated(f"{name}, batch: of the random lines' limit", shares, "%", note)
    yield stated(f"{name}: {random}", [one / 1e6 for one in lines], "M/s")
    yield stated(f"{name}: {row}", [counts[row] / one / 1e9 for one in seconds[row]], "GB/s")


def _two_threads(
    name: str, index: Index, queries: lists.Hashes, batch: lists.Hashes, setting: Setting
) -> Iterator[Row]:
    ways: dict[str, tuple[Step, Step]] = {
        "batch": (lambda: index.search(batch), lambda: index.search(batch, threads=2)),
        "joined": (lambda: index.search(queries), lambda: index.search(queries, threads=2)),
    }
    for way, (one, two) in ways.items():
        (seconds,) = interleaved({"one": one}, 1)["one"]
        # Single calls in turns, many rounds: what slows the machine for a second then slows both sides of a ratio.
        rounds = max(setting.sized(9, 3), min(200, round(setting.sized(*THREADED_SECONDS) / seconds)))
        with doubled(one) as limit:
            taken = interleaved({"one": one, "two": two, "limit": limit}, rounds)
        gains = [alone / both for alone, both in zip(taken["one"], taken["two"], strict=True)]
        limits = [2 * alone / both for alone, both in zip(taken["one"], taken["limit"], strict=True)]
        note = f"by the clock: only on an idle machine; two processes give {np.median(limits):.2f} times one"
        title = f"{name}, {way}: 2 threads"
        yield at_least(title, gains, 1.8, "times one", note)
        yield stated(f"{name}, {way}: 2 processes, which share nothing", limits, "times one", "what this machine gives")
