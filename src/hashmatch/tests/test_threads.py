"""What threads share of one search."""

import os
import threading

import pytest

from hashmatch.tables import spread

ASLEEP_AT_MOST = 30  # seconds


def test_parts_are_done_at_the_same_time_and_come_back_in_order() -> None:
    """Two parts that wait for each other both end."""
    together = threading.Barrier(2, timeout=ASLEEP_AT_MOST)

    def part(number: int) -> int:
        together.wait()
        return number * 10

    assert spread(part, range(2), 2) == [0, 10]


def test_whoever_finds_no_free_thread_does_the_work_itself() -> None:
    """Parts that have parts of their own end, although all threads are busy with them."""
    assert spread(lambda part: spread(lambda inner: part + inner, [1, 2, 3], 2), [10, 20, 30], 2) == [
        [11, 12, 13],
        [21, 22, 23],
        [31, 32, 33],
    ]


def test_a_part_that_fails_fails_the_whole() -> None:
    """An error of another thread reaches the caller."""

    def part(number: int) -> float:
        return 1 / (1 - number)

    with pytest.raises(ZeroDivisionError):
        spread(part, range(2), 2)


def test_a_forked_process_has_threads_of_its_own() -> None:
    """The child of a process that searched with threads searches with threads too."""
    assert spread(abs, [-1, -2], 2) == [1, 2]
    child = os.fork()
    if child == 0:
        os._exit(0 if spread(abs, [-3, -4], 2) == [3, 4] and threading.active_count() > 1 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
