"""Apply a function to a long stream of inputs over processes, in input order and in bounded memory."""

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from typing import Generic, TypeVar

Given = TypeVar("Given")
Result = TypeVar("Result")

_CHUNK = 8
_UNFINISHED = 3  # chunks for each process: one in work, one at hand, one on its way
_AHEAD = 64  # chunks that are finished or in work while the first of them still lacks


def mapped(
    function: Callable[[Given], Result], inputs: Iterable[Given], workers: int | None, *, chunk: int = _CHUNK
) -> Iterator[Result]:
    """Yield `function(input)` for each input, in order.

    `workers`: how many processes work, this one among them; None: one a processor. `chunk`: inputs that go to a process
    together.
    """
    count = workers if workers is not None else len(os.sched_getaffinity(0))
    if count < 1:
        raise ValueError(f"workers is {count}; it must be 1 or more.")
    if count == 1:
        return map(function, inputs)
    return _over_processes(function, inputs, count, chunk)


class _Chunk(Generic[Given, Result]):
    """Some inputs that this process keeps until it gives them away or does them itself."""

    def __init__(self, function: Callable[[Given], Result], inputs: list[Given]) -> None:
        self._function = function
        self._inputs = inputs
        self._future: Future[list[Result]] | None = None
        self._own: list[Result] | None = None

    @property
    def kept(self) -> bool:
        return self._future is None and self._own is None

    @property
    def finished(self) -> bool:
        return self._own is not None or (self._future is not None and self._future.done())

    def give(self, pool: ProcessPoolExecutor) -> None:
        self._future = pool.submit(_applied, self._function, self._inputs)

    def do(self) -> None:
        self._own = _applied(self._function, self._inputs)

    def results(self) -> list[Result]:
        return self._own if self._future is None else self._future.result()  # type: ignore[return-value] # then it is done


def _over_processes(
    function: Callable[[Given], Result], inputs: Iterable[Given], workers: int, size: int
) -> Iterator[Result]:
    # "spawn": a fork of a process with threads (a web server) may stop for good. Such a start takes about a second, in
    # which this process works alone; later it works while the first chunk is waited for. What it may do itself it has
    # not submitted: a pool whose process dies stumbles over futures that were cancelled, and would never say so.
    # Ctrl-C reaches all processes of a terminal; the others leave it to this one.
    with ProcessPoolExecutor(
        workers - 1,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),
    ) as pool:
        waiting: deque[_Chunk[Given, Result]] = deque()
        stream = iter(inputs)
        while True:
            unfinished = sum(not chunk.finished for chunk in waiting)
            for _ in range(min(_AHEAD - len(waiting), _UNFINISHED * workers - unfinished)):
                if some := list(islice(stream, size)):
                    waiting.append(_Chunk(function, some))
            if not waiting:
                return
            _hand_out(waiting, pool, 2 * (workers - 1))
            mine = next((chunk for chunk in waiting if chunk.kept), None)
            if waiting[0].finished or mine is None:
                yield from waiting.popleft().results()
            else:
                mine.do()


def _hand_out(waiting: Iterable[_Chunk[Given, Result]], pool: ProcessPoolExecutor, most: int) -> None:
    """Give chunks away until the others have `most` that are not finished."""
    given = sum(not chunk.finished and not chunk.kept for chunk in waiting)
    for chunk in [chunk for chunk in waiting if chunk.kept][: max(0, most - given)]:
        chunk.give(pool)


def _applied(function: Callable[[Given], Result], inputs: list[Given]) -> list[Result]:
    return [function(one) for one in inputs]
