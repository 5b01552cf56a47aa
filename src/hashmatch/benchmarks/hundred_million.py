"""Exact search of a hundred million hashes beside faiss Flat: some minutes and 22 GiB; left out where they are not."""

import os
import time
from collections.abc import Iterator

import numpy as np

from hashmatch import Index
from hashmatch.benchmarks import lists, peers
from hashmatch.benchmarks.measuring import Row, Setting, at_least, at_most, compared, interleaved, stated

SIZE = 100_000_000
MEMORY_GIB = 22
RADIUS = 31
NAME = "search of 100 M random"


def measure(setting: Setting) -> Iterator[Row]:
    """Yield the rows of this suite; one that says so where there is too little memory; none quickly."""
    if setting.quick:
        return
    there = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_AVPHYS_PAGES") / 2**30
    if there < MEMORY_GIB:
        yield stated(f"{NAME}: left out", [there], "GiB", f"of memory are free; {MEMORY_GIB} are needed")
        return
    setting.tell(NAME)
    rng = np.random.default_rng(SIZE)
    hashes = np.concatenate([lists.random_list(rng, SIZE // 100) for _ in range(100)])
    queries, rows, distances = lists.planted(rng, hashes, 2_000)
    begun = time.perf_counter()
    index = Index.build(hashes, np.arange(SIZE), threads=2)
    yield stated(f"{NAME}: build, 2 threads", [time.perf_counter() - begun], "s")
    yield at_most(f"{NAME}: memory", index.bytes / 2**30, 14, "GiB", "of the index, the hashes included")
    found = index.search(queries)
    right = found.id == rows[found.query]
    near = distances <= RADIUS
    share = float(np.isin(np.flatnonzero(near), found.query[right]).mean())
    yield at_least(f"{NAME}: recall", [share], 1, "", f"{int(near.sum())} planted")
    flat = peers.faiss_flat(hashes, RADIUS)
    del hashes
    fresh = lists.random_list(rng, 2_000)
    seconds = interleaved(
        {"batch": lambda: index.search(fresh), peers.FLAT: lambda: flat(fresh[:4])}, 3, time.process_time
    )
    note = f"{len(fresh) / np.median(seconds['batch']):,.0f} queries a second"
    yield compared(f"{NAME}, batch", seconds, "batch", peers.FLAT, each=len(fresh), bar=500, note=note, peer_each=4)
