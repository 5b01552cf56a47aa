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


def mapped(function: Callable[[Given], Result], inputs: Iterable[Given], workers: int | None) -> Iterator[Result]:
    """Yield `function(input)` for each input, in order.

    `workers`: how many processes work, this one among them; None: one a processor.
    """
    count = workers if workers is not None else len(os.sched_getaffinity(0))
    if count < 1:
        raise ValueError(f"workers is {count}; it must be 1 or more.")
    if count == 1:
        return map(function, inputs)
    return _over_processes(function, inputs, count)


class _Chunk(Generic[Given, Result]):
    """Some inputs, given to another process until this one takes them back."""

    def __init__(self, pool: ProcessPoolExecutor, function: Callable[[Given], Result], inputs: list[Given]) -> None:
        self._function = function
        self._inputs = inputs
        self._future: Future[list[Result]] = pool.submit(_applied, function, inputs)
        self._own: list[Result] | None = None

    @property
    def finished(self) -> bool:
        return self._own is not None or self._future.done()

    def done_here(self) -> bool:
        """Do it in this process; False if it is finished or another has begun."""
        if self.finished or not self._future.cancel():
            return False
        self._own = _applied(self._function, self._inputs)
        return True

    def results(self) -> list[Result]:
        return self._future.result() if self._own is None else self._own

    def drop(self) -> None:
        self._future.cancel()


def _over_processes(function: Callable[[Given], Result], inputs: Iterable[Given], workers: int) -> Iterator[Result]:
    # "spawn": a fork of a process with threads (a web server) may stop for good. Such a start takes about a second, in
    # which this process works alone; later it works while the first chunk is waited for.
    # Ctrl-C reaches all processes of a terminal; the others leave it to this one.
    with ProcessPoolExecutor(
        workers - 1,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),
    ) as pool:
        waiting: deque[_Chunk[Given, Result]] = deque()
        stream = iter(inputs)
        try:
            while True:
                room = min(_AHEAD - len(waiting), _UNFINISHED * workers - sum(not chunk.finished for chunk in waiting))
                for _ in range(room):
                    if some := list(islice(stream, _CHUNK)):
                        waiting.append(_Chunk(pool, function, some))
                if not waiting:
                    return
                if waiting[0].finished or not any(chunk.done_here() for chunk in reversed(waiting)):
                    yield from waiting.popleft().results()
        finally:
            for chunk in waiting:
                chunk.drop()


def _applied(function: Callable[[Given], Result], inputs: list[Given]) -> list[Result]:
    return [function(one) for one in inputs]
