"""An index through its life: whatever is added, removed, saved, opened and compacted, it answers like a dictionary."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from numpy.typing import NDArray

from hashmatch import Index, InvalidHashes, compaction, segments


@contextmanager
def small_steps() -> Iterator[None]:
    """Tables, joins and merges in the background already for some dozens of hashes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(segments, "TABLES_FROM", 48)
        patch.setattr(segments, "JOIN_FROM", {segments.SIXTEEN: 12})
        patch.setattr(compaction, "AT_ONCE", 64)
        yield


def _pool() -> NDArray[np.uint8]:
    """Hashes that are near to some of the others, and some equal."""
    rng = np.random.default_rng(0)
    pool = rng.integers(0, 256, (400, 32), np.uint8)
    for row in range(100, 400):
        bits = np.unpackbits(pool[rng.integers(0, row)])
        bits[rng.choice(256, rng.integers(0, 34), replace=False)] ^= 1
        pool[row] = np.packbits(bits)
    return pool


POOL = _pool()


class Life(RuleBasedStateMachine):
    """The index beside a dictionary of id and place in the pool."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.path = Path(self.folder.name) / "list.idx"
        self.patched = small_steps()
        self.patched.__enter__()
        self.index = Index.build(np.empty((0, 32), np.uint8), np.empty(0, np.int64))
        self.held: dict[int, int] = {}
        self.saved: dict[int, int] | None = None

    @rule(first=st.integers(-50, 250), count=st.integers(0, 90), seed=st.integers(0, 99))
    def add(self, first: int, count: int, seed: int) -> None:
        """Refused as a whole when one of the ids is taken."""
        new = {first + k: (seed * 37 + k * 5) % len(POOL) for k in range(count)}
        ids, hashes = np.array(list(new), np.int64), POOL[list(new.values())].reshape(-1, 32)
        if self.held.keys() & new.keys():
            with pytest.raises(InvalidHashes, match="is in the index already"):
                self.index.add(hashes, ids)
        else:
            self.index.add(hashes, ids)
            self.held |= new

    @rule(every=st.integers(1, 5), start=st.integers(0, 4))
    def remove(self, every: int, start: int) -> None:
        """Some or all of what is there."""
        ids = sorted(self.held)[start::every]
        self.index.remove(np.array(ids, np.int64))
        for one in ids:
            del self.held[one]

    @rule()
    def compact(self) -> None:
        """Changes nothing that can be seen."""
        self.index.compact()

    @rule()
    def save(self) -> None:
        """Write it."""
        self.index.save(self.path)
        self.saved = dict(self.held)

    @rule()
    def reopen(self) -> None:
        """Go on with what was saved."""
        if self.saved is not None:
            self.index = Index.open(self.path)
            self.index.verify()
            self.held = dict(self.saved)

    @invariant()
    def answers_like_the_dictionary(self) -> None:
        """The same pairs in the same order."""
        places = np.array(list(self.held.values()), np.int64)
        ids = np.array(list(self.held), np.int64)
        queries = POOL[::23]
        bits = np.bitwise_count(queries[:, None] ^ POOL[places][None]).sum(axis=2, dtype=np.int64)
        query, row = np.nonzero(bits <= 31)
        wanted = sorted(zip(query.tolist(), bits[query, row].tolist(), ids[row].tolist(), strict=True))
        found = self.index.search(queries)

        assert list(zip(found.query.tolist(), found.distance.tolist(), found.id.tolist(), strict=True)) == wanted
        assert len(self.index) == len(self.held)
        assert self.index.ids.tolist() == sorted(self.held)

    def teardown(self) -> None:
        """Leave nothing behind."""
        self.index.compact()
        self.patched.__exit__(None, None, None)
        self.folder.cleanup()


TestLife = pytest.mark.slow(Life.TestCase)
TestLife.settings = settings(max_examples=25, stateful_step_count=20)


@pytest.mark.slow
def test_searches_go_on_while_a_writer_changes_everything() -> None:
    """Rows that stay are found by every search, rows of one change all or none of them."""
    rng = np.random.default_rng(5)
    stay, come = rng.integers(0, 256, (200, 32), np.uint8), rng.integers(0, 256, (100, 32), np.uint8)
    wrong: list[str] = []
    stop = threading.Event()
    with small_steps():
        index = Index.build(stay, np.arange(200))

        def read() -> None:
            while not stop.is_set():
                found = set(index.search(np.concatenate((stay, come))).id.tolist())
                coming = {one % 1000 for one in found if one >= 1000}
                if not found >= set(range(200)) or len(coming) not in {0, 100}:
                    wrong.append(f"{len(found)} found, {len(coming)} of the change")

        readers = [threading.Thread(target=read) for _ in range(3)]
        for reader in readers:
            reader.start()
        for step in range(1, 40):
            index.add(come, np.arange(100) + 1000 * step)
            if step % 10 == 0:
                index.compact()
            index.remove(np.arange(100) + 1000 * step)
        stop.set()
        for reader in readers:
            reader.join()

    assert wrong == []
    assert index.ids.tolist() == list(range(200))


def test_a_removal_during_compaction_is_not_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is removed or added while parts are merged stays so when the merged one takes their place."""
    index = Index.build(POOL[:50], np.arange(50))
    index.add(POOL[50:60], np.arange(50, 60))
    merge = compaction.merge

    def slow(parts: tuple[compaction.Part, ...], threads: int = 1) -> segments.Segment:
        monkeypatch.setattr(compaction, "merge", merge)
        made = merge(parts, threads)
        index.remove(np.array([3, 55]))
        index.add(POOL[60:61], np.array([3]))
        return made

    monkeypatch.setattr(compaction, "merge", slow)
    index.compact()

    assert index.ids.tolist() == [one for one in range(60) if one != 55]
    assert index.search(POOL[60:61], radius=0).id.tolist() == [3]


def test_arrays_of_the_caller_are_not_kept() -> None:
    """Changing them after building changes nothing."""
    hashes, ids = POOL[:20].copy(), np.arange(20)
    index = Index.build(hashes, ids)
    hashes[:], ids[:] = 0, 7

    assert index.ids.tolist() == list(range(20))
    assert index.search(POOL[3:4], radius=0).id.tolist() == [3]


def test_two_threads_find_what_one_finds() -> None:
    """In the same order, with tables and without, also in several parts."""
    index = Index.build(POOL, np.arange(400))
    one = index.search(POOL)
    with small_steps():
        tabled = Index.build(POOL, np.arange(400))
        tabled.add(POOL[:10], np.arange(1000, 1010))
        tabled.remove(np.arange(1000, 1010))
        for other in (index.search(POOL, threads=2), tabled.search(POOL, threads=2), tabled.search(POOL, threads=7)):
            assert other.query.tolist() == one.query.tolist()
            assert other.id.tolist() == one.id.tolist()
            assert other.distance.tolist() == one.distance.tolist()
