"""What threads share of one search."""

import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashmatch import tables as tables_module
from hashmatch.layout import SIXTEEN
from hashmatch.memory import read_only
from hashmatch.tables import Tables, shares, spread

ASLEEP_AT_MOST = 30  # seconds


def each(function: Callable[[int], Any]) -> Callable[[Iterator[int]], list[Any]]:
    """Go through all parts that no other thread has taken."""
    return lambda left: [function(part) for part in left]


def test_parts_are_done_at_the_same_time() -> None:
    """Two parts that wait for each other both end."""
    together = threading.Barrier(2, timeout=ASLEEP_AT_MOST)

    def part(number: int) -> int:
        together.wait()
        return number * 10

    assert sorted(spread(each(part), range(2), 2)) == [[0], [10]]


def test_whoever_is_slow_takes_fewer_parts() -> None:
    """One thread waits until the other has done all the rest."""
    done, rest = [], threading.Event()

    def part(number: int) -> int:
        if number == 0:
            assert rest.wait(ASLEEP_AT_MOST)
        done.append(number)
        if len(done) == 5:
            rest.set()
        return number

    assert sorted(spread(each(part), range(6), 2)) == [[0], [1, 2, 3, 4, 5]]


def test_whoever_finds_no_free_thread_does_the_work_itself() -> None:
    """Parts that have parts of their own end, although all threads are busy with them."""
    found = spread(each(lambda part: spread(each(lambda inner: part + inner), [1, 2, 3], 2)), [10, 20, 30], 2)

    sums = [number for thread in found for part in thread for inner in part for number in inner]
    assert sorted(sums) == [11, 12, 13, 21, 22, 23, 31, 32, 33]


@pytest.mark.parametrize("failing", range(2))
def test_a_part_that_fails_fails_the_whole(failing: int) -> None:
    """An error reaches the caller, whichever thread it was in."""
    together = threading.Barrier(2, timeout=ASLEEP_AT_MOST)

    def part(number: int) -> float:
        together.wait()
        return 1 / (failing - number)

    with pytest.raises(ZeroDivisionError):
        spread(each(part), range(2), 2)


def test_a_forked_process_has_threads_of_its_own() -> None:
    """The child of a process that searched with threads searches with threads too."""
    assert sorted(one for some in spread(each(abs), [-1, -2], 2) for one in some) == [1, 2]
    child = os.fork()
    if child == 0:
        found = [one for some in spread(each(abs), [-3, -4], 2) for one in some]
        os._exit(0 if sorted(found) == [3, 4] and threading.active_count() > 1 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@given(st.integers(0, 16), st.integers(0, 100), st.integers(1, 40), st.booleans())
def test_every_step_is_one_thread_s(tables: int, queries: int, threads: int, together: bool) -> None:  # noqa: FBT001 - drawn
    """However many threads there are, each query of each table is in one share, in order."""
    cut = shares(tables, queries, threads, together=together)

    assert [step for first, end in cut for step in range(first, end)] == list(range(tables * queries))


def test_threads_share_a_large_table_and_take_small_ones_whole() -> None:
    """Two threads take a half each of the queries of one large table, and of the next only then."""
    assert shares(2, 11, 2, together=True) == [(0, 5), (5, 11), (11, 16), (16, 22)]
    assert shares(2, 11, 2, together=False) == [(0, 11), (11, 22)]


@pytest.mark.parametrize("cache", [0, 4 << 20])
@pytest.mark.parametrize("radius", [0, 5, 31])
def test_tables_shared_out_find_what_one_thread_finds(radius: int, cache: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looked up and joined, by two threads and by more than there are tables, each table cut or whole."""
    monkeypatch.setattr(tables_module, "_A_CORES_CACHE", cache)
    rng = np.random.default_rng(radius)
    words = rng.integers(0, 1 << 63, (5_000, 4)).astype(np.uint64)
    queries = words[::7].copy()
    queries[1::2, 1] ^= np.uint64(0b1011) << np.uint64(20)
    nothing_gone = read_only(np.empty(0, np.uint8))
    words, queries = read_only(words), read_only(queries)
    tables = Tables.build(words, SIXTEEN)
    alone = np.sort(tables.probe(nothing_gone, queries, radius))

    assert alone.size >= queries.shape[0] // 2
    for threads in (1, 2, 3, 20):
        assert np.sort(tables.probe(nothing_gone, queries, radius, threads)).tolist() == alone.tolist()
        assert np.sort(tables.join(nothing_gone, queries, radius, threads)).tolist() == alone.tolist()
