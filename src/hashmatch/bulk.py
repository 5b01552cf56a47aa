"""Apply a function to a long stream of inputs over processes, in input order and in bounded memory."""

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from typing import TypeVar

Given = TypeVar("Given")
Result = TypeVar("Result")

_CHUNK = 8


def mapped(function: Callable[[Given], Result], inputs: Iterable[Given], workers: int | None) -> Iterator[Result]:
    """Yield `function(input)` for each input, in order. `workers=None`: one a processor."""
    count = workers if workers is not None else len(os.sched_getaffinity(0))
    if count < 1:
        raise ValueError(f"workers is {count}; it must be 1 or more.")
    if count == 1:
        return map(function, inputs)
    return _over_processes(function, inputs, count)


def _over_processes(function: Callable[[Given], Result], inputs: Iterable[Given], workers: int) -> Iterator[Result]:
    # "spawn": a fork of a process with threads (a web server) may stop for good.
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        waiting: deque[Future[list[Result]]] = deque()
        stream = iter(inputs)
        try:
            while True:
                while len(waiting) < 3 * workers and (chunk := list(islice(stream, _CHUNK))):
                    waiting.append(pool.submit(_chunk_of, function, chunk))
                if not waiting:
                    return
                yield from waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _chunk_of(function: Callable[[Given], Result], chunk: list[Given]) -> list[Result]:
    return [function(one) for one in chunk]
