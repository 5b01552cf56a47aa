"""The life of an index: build, add, remove, compact, save, open; and stacking.

    python bench/bench_index.py [--size 1e7] [--stacked 1e6]

Writes bench/results/index.json.
"""

import argparse
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lists
import numpy as np
from timing import machine, once, write

from hashmatch import Index, stack

CHANGED = 100_000


def median_of(calls: list[Callable[[], object]]) -> dict[str, float]:
    """Median and longest of several calls, in milliseconds."""
    taken = [once(call)[1] for call in calls]
    return {
        "milliseconds": 1000 * statistics.median(one["seconds"] for one in taken),
        "longest": 1000 * max(one["seconds"] for one in taken),
        "processor_milliseconds": 1000 * statistics.median(one["processor_seconds"] for one in taken),
    }


def life(size: int, rounds: int) -> dict[str, Any]:
    """Figures of one index of so many random hashes."""
    rng = np.random.default_rng(1)
    hashes, fresh = lists.random_list(rng, size), lists.random_list(rng, CHANGED)
    warm = Index.build(hashes[:20_000], np.arange(20_000))
    warm.search(hashes[:1])
    figures: dict[str, Any] = {"size": size}
    index, figures["build"] = once(lambda: Index.build(hashes, np.arange(size)))
    _, figures["build_2_threads"] = once(lambda: Index.build(hashes, np.arange(size), threads=2))
    added = [np.arange(CHANGED) + size + CHANGED * turn for turn in range(rounds)]
    figures["add_100_000"] = median_of([lambda ids=ids: index.add(fresh, ids) for ids in added])  # type: ignore[misc]
    found = index.search(fresh[:100])
    figures["added_visible"] = set(added[-1][:100].tolist()) <= set(found.id.tolist())
    removed = rng.permutation(size)[: rounds * CHANGED].reshape(rounds, CHANGED)
    figures["remove_100_000"] = median_of([lambda ids=ids: index.remove(ids) for ids in removed])  # type: ignore[misc]
    _, figures["compact"] = once(index.compact)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.idx"
        _, figures["save"] = once(lambda: index.save(path))
        figures["open"] = median_of([lambda: Index.open(path)] * rounds)
        opened = Index.open(path)
        figures["first_query_after_open"] = median_of([lambda: opened.search(fresh[:1])])
        _, figures["verify"] = once(opened.verify)
    return figures


def stacking(size: int) -> dict[str, Any]:
    """Seconds for so many hashes, 30 % of them near another, with one thread and two."""
    rng = np.random.default_rng(2)
    hashes = lists.random_list(rng, size)
    near = size * 3 // 10
    queries, _, _ = lists.planted(rng, hashes[near:], near)
    hashes[:near] = queries
    hashes = hashes[rng.permutation(size)]
    stack(hashes[:20_000])
    labels, one = once(lambda: stack(hashes))
    _, two = once(lambda: stack(hashes, threads=2))
    _, copies = once(lambda: stack(np.zeros_like(hashes)))
    return {"size": size, "stacks": int(labels.max()) + 1, "1_thread": one, "2_threads": two, "all_equal": copies}


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=float, default=1e7)
    parser.add_argument("--stacked", type=float, default=1e6)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    results = {"machine": machine(), "stack": stacking(int(options.stacked))}
    results["life"] = life(int(options.size), options.rounds)
    write("index.json", results)


if __name__ == "__main__":
    main()
