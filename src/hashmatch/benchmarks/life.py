"""An index that changes, is saved and opened; and stacking."""

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import numpy as np

from hashmatch import Index, stack
from hashmatch.benchmarks import lists
from hashmatch.benchmarks.measuring import Row, Setting, at_least, at_most, stated

CHANGED = 100_000
ROUNDS = 5
NEAR = 0.3


def measure(setting: Setting) -> Iterator[Row]:
    """Yield the rows of this suite."""
    yield from _changes(setting, setting.sized(10_000_000, 500_000))
    yield from _stacks(setting, setting.sized(1_000_000, 100_000))


def _taken(call: Callable[[], object]) -> float:
    """Milliseconds of a call, by the clock."""
    begun = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - begun)


def _changes(setting: Setting, size: int) -> Iterator[Row]:
    setting.tell("changes of an index")
    rng = np.random.default_rng(1)
    hashes, fresh = lists.random_list(rng, size), lists.random_list(rng, CHANGED)
    index = Index.build(hashes, np.arange(size))
    index.search(fresh[:1])
    added = [np.arange(CHANGED) + size + CHANGED * turn for turn in range(ROUNDS)]
    of = f"to an index of {size / 1e6:g} M"
    taken = [_taken(lambda ids=ids: index.add(fresh, ids)) for ids in added]  # type: ignore[misc]
    yield at_most(f"add 100,000 {of}", median(taken), 100, "ms", f"longest {max(taken):.0f} ms of {ROUNDS}")
    found = set(index.search(fresh[:100]).id.tolist())
    seen = sum(int(one) in found for ids in added for one in ids[:100]) / (100 * ROUNDS)
    yield at_least("what was added is found at once", [seen], 1, "", "share of 500")
    removed = rng.permutation(size)[: ROUNDS * CHANGED].reshape(ROUNDS, CHANGED)
    taken = [_taken(lambda ids=ids: index.remove(ids)) for ids in removed]  # type: ignore[misc]
    yield at_most(f"remove 100,000 of {size / 1e6:g} M", median(taken), 50, "ms", f"longest {max(taken):.0f} ms")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.idx"
        yield stated("compact and save, synced", [_taken(lambda: index.save(path)) / 1000], "s")
        taken = [_taken(lambda: Index.open(path)) for _ in range(ROUNDS)]
        yield at_most(f"open {size / 1e6:g} M from disk", median(taken), 50, "ms", f"longest {max(taken):.0f} ms")
        opened = Index.open(path)
        yield stated(
            "first query after opening", [_taken(lambda: opened.search(fresh[:1]))], "ms", "from the page cache"
        )


def _stacks(setting: Setting, size: int) -> Iterator[Row]:
    setting.tell("stacking")
    rng = np.random.default_rng(2)
    hashes = lists.random_list(rng, size)
    near = int(size * NEAR)
    hashes[:near], _, _ = lists.planted(rng, hashes[near:], near)
    hashes = hashes[rng.permutation(size)]
    stack(hashes[:20_000])
    taken = [_taken(lambda: stack(hashes, threads=2)) / 1000 for _ in range(3)]
    name = f"stack {size / 1e6:g} M, 2 threads"
    yield at_most(name, median(taken), 30, "s", f"30 % near another; {min(taken):.1f} to {max(taken):.1f} s")
    yield stated(f"stack {size / 1e6:g} M equal hashes", [_taken(lambda: stack(np.zeros_like(hashes))) / 1000], "s")
