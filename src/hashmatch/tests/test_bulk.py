"""A stream over processes keeps its order, and this process works with the others."""

import os
import time
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool

import pytest

from hashmatch import bulk


def _who(number: int) -> tuple[int, int]:
    time.sleep(0.005)
    return number, os.getpid()


def test_one_worker_is_this_process() -> None:
    """Nothing is started."""
    assert list(bulk.mapped(_who, range(3), 1)) == [(number, os.getpid()) for number in range(3)]


@pytest.mark.slow
def test_results_keep_the_order_of_their_inputs() -> None:
    """Whoever has done them: this process, which begins at once, or the two others."""
    results = list(bulk.mapped(_who, range(1500), 3))

    assert [number for number, _ in results] == list(range(1500))
    assert os.getpid() in {process for _, process in results}
    assert 2 <= len({process for _, process in results}) <= 3


def _dies_elsewhere(parent: int) -> int:
    if os.getpid() != parent:
        os._exit(1)
    time.sleep(0.005)
    return parent


@pytest.mark.slow
def test_a_process_that_dies_is_an_error_and_no_standstill() -> None:
    """A decoder that crashes takes its process along; the caller is told."""
    with pytest.raises(BrokenProcessPool):
        list(bulk.mapped(_dies_elsewhere, [os.getpid()] * 2000, 2))


@pytest.mark.slow
def test_inputs_are_read_few_ahead() -> None:
    """A stream that never ends can be begun and left."""
    read: list[int] = []

    def endless() -> Iterator[int]:
        number = 0
        while True:
            read.append(number)
            yield number
            number += 1

    stream = bulk.mapped(_who, endless(), 2)
    first = next(stream)
    stream.close()  # type: ignore[attr-defined] # it is a generator

    assert first[0] == 0
    assert len(read) <= 8 * 64


@pytest.mark.parametrize("workers", [0, -1])
def test_no_workers_are_refused(workers: int) -> None:
    """With the value and what is allowed."""
    with pytest.raises(ValueError, match=f"workers is {workers}; it must be 1 or more"):
        bulk.mapped(_who, [], workers)
