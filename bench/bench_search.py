"""Exact search: ours, threatexchange and faiss in turn on one list, beside the limits of the memory.

    python bench/bench_search.py [--sizes 1e6,1e7] [--rounds 5] [--pictures bench/results/pictures.npy]

Writes bench/results/search.json. 1e8 takes 16 GB and some minutes. faiss is left out where its build would take longer
than all the rest: the multi-hash index beyond 2e6.
"""

import argparse
import gc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lists
import memory_limits
import numpy as np
import peers
from timing import RESULTS, Way, in_turn, machine, once, write

from hashmatch import Index

RADIUS = 31
JOINED = 100_000
PLANTED = 30_000  # two thirds of them within the radius
LARGEST_FOR_TABLES_OF_PEERS = 20_000_000
LARGEST_FOR_MULTI_HASH = 2_000_000


def recall(index: Index, hashes: lists.Hashes, rng: np.random.Generator) -> dict[str, Any]:
    """Find planted neighbours by both engines: the share that is found, and pairs beyond the radius (must be 0)."""
    queries, rows, distances = lists.planted(rng, hashes, PLANTED)
    near = np.flatnonzero(distances <= RADIUS)
    figures: dict[str, Any] = {"planted": int(near.size), "planted_at_31": int((distances == RADIUS).sum())}
    for name, batch in (("query by query", 1_000), ("joined", PLANTED)):
        found: set[tuple[int, int]] = set()
        beyond = 0
        for start in range(0, PLANTED, batch):
            matches = index.search(queries[start : start + batch])
            found.update(zip((matches.query + start).tolist(), matches.id.tolist(), strict=True))
            beyond += int((matches.distance > RADIUS).sum())
        hit = sum((int(query), int(rows[query])) in found for query in near)
        wrong = sum((query, int(rows[query])) in found for query in np.flatnonzero(distances > RADIUS).tolist())
        figures[name] = {"recall": hit / near.size, "beyond_radius": beyond + wrong}
    return figures


def ways_of_ours(index: Index, rng: np.random.Generator, size: int) -> dict[str, Way]:
    """Ours query by query, one a call, in a batch, and joined; with one thread and two."""
    queries = lists.random_list(rng, JOINED)
    batch = queries[: 5_000 if size < 2_000_000 else 2_000]
    single = queries[:500]
    return {
        "hashmatch, batch": Way(lambda: index.search(batch), len(batch)),
        "hashmatch, batch, 2 threads": Way(lambda: index.search(batch, threads=2), len(batch)),
        "hashmatch, one a call": Way(
            lambda: [index.search(single[at : at + 1]) for at in range(len(single))], len(single)
        ),
        "hashmatch, joined": Way(lambda: index.search(queries), len(queries)),
        "hashmatch, joined, 2 threads": Way(lambda: index.search(queries, threads=2), len(queries)),
    }


def ways_of_peers(hashes: lists.Hashes, rng: np.random.Generator) -> tuple[dict[str, Way], dict[str, Any]]:
    """Those that are installed and can hold the list, and what building them took."""
    size = len(hashes)
    queries = lists.random_list(rng, 1_000)
    few = queries[: max(4, min(1_000, 1_000_000_000 // size))]
    makers: dict[str, tuple[int, int, Callable[[], Any]]] = {
        "threatexchange": (LARGEST_FOR_TABLES_OF_PEERS, 500, lambda: peers.threatexchange(hashes)),
        "faiss Flat": (1 << 40, len(few), lambda: peers.faiss_flat(hashes, RADIUS)),
        "faiss MultiHash": (LARGEST_FOR_MULTI_HASH, 1_000, lambda: peers.faiss_multi_hash(hashes, RADIUS)),
    }
    ways: dict[str, Way] = {}
    figures: dict[str, Any] = {}
    for name, (largest, count, make) in makers.items():
        made = make() if size <= largest else None
        if made is None:
            figures[name] = peers.ABSENT if size <= largest else "left out at this size"
            continue
        search, figures[name] = made
        part = queries[:count]
        ways[name] = Way(lambda search=search, part=part: search(part), count)  # type: ignore[misc]
    return ways, figures


def measure(hashes: lists.Hashes, rng: np.random.Generator, rounds: int) -> dict[str, Any]:
    """All figures for one list."""
    index, build = once(lambda: Index.build(hashes, np.arange(len(hashes))))
    figures: dict[str, Any] = {
        "build": build,
        "bytes_a_hash": index.bytes / len(hashes),
        "exact": recall(index, hashes, rng),
    }
    theirs, figures["peers"] = ways_of_peers(hashes, rng)
    figures["speed"] = in_turn({**ways_of_ours(index, rng, len(hashes)), **theirs, **memory_limits.ways()}, rounds)
    figures["times"] = {
        measured: {
            peer: {way: speed[measured] / figures["speed"][peer][measured] for way, speed in figures["speed"].items()
                   if way.startswith("hashmatch")}
            for peer in theirs
        }
        for measured in ("per_second", "per_processor_second")
    }  # fmt: skip
    return figures


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1e6,1e7", help="numbers of hashes, with commas between")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pictures", type=Path, default=RESULTS / "pictures.npy", help="real hashes (n, 32) uint8")
    parser.add_argument("--kinds", default="random,skewed", help="random, skewed or both")
    parser.add_argument("--out", default="search.json", help="name in bench/results")
    options = parser.parse_args()
    results: dict[str, Any] = {"machine": machine(), "pictures": options.pictures.exists(), "lists": []}
    for size in (int(float(text)) for text in options.sizes.split(",")):
        for kind in options.kinds.split(","):
            rng = np.random.default_rng(size)
            hashes = (
                lists.random_list(rng, size) if kind == "random" else lists.skewed_list(rng, size, options.pictures)
            )
            print(f"{kind}, {size} hashes", flush=True)
            results["lists"].append({"size": size, "kind": kind, **measure(hashes, rng, options.rounds)})
            write(options.out, results)
            gc.collect()


if __name__ == "__main__":
    main()
