"""Work done side by side in threads, which may ask the thread that began them for what it alone may do."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from queue import Empty, SimpleQueue
from threading import Event
from typing import TypeVar

Thing = TypeVar("Thing")
Said = TypeVar("Said")
Done = TypeVar("Done")


def side_by_side(
    do: Callable[[Thing, Callable[[], Said]], Done],
    things: Sequence[Thing],
    *,
    at_once: int,
    ask: Callable[[], Said],
) -> list[Done]:
    """Return ``do(thing, asked)`` of each thing, in their order; at most ``at_once`` are done at a moment.

    Whenever a thread calls ``asked()``, ``ask()`` is called here, where the database may be read, and its answer or
    exception is the thread's. What ``do`` raises is raised once all are done.
    """
    questions: SimpleQueue[Future[Said] | None] = SimpleQueue()
    over = Event()

    def asked() -> Said:
        question: Future[Said] = Future()
        questions.put(question)
        if over.is_set():
            raise RuntimeError("Nobody answers any more: the work was broken off.")
        return question.result()

    def one(thing: Thing) -> Done:
        try:
            return do(thing, asked)
        finally:
            questions.put(None)

    with ThreadPoolExecutor(at_once) as pool:
        hands = [pool.submit(one, thing) for thing in things]
        try:
            _answer(questions, len(hands), ask)
        finally:
            # Broken off, perhaps: whoever waits for an answer would wait for ever, and so would the pool's end.
            over.set()
            pool.shutdown(wait=False, cancel_futures=True)
            _leave(questions)
        return [hand.result() for hand in hands]


def _answer(questions: "SimpleQueue[Future[Said] | None]", working: int, ask: Callable[[], Said]) -> None:
    """Answer until as many as are working have said that they are done."""
    while working:
        question = questions.get()
        if question is None:
            working -= 1
            continue
        try:
            question.set_result(ask())
        except Exception as error:  # noqa: BLE001 - it is for whoever asked
            question.set_exception(error)
        except BaseException as ending:
            question.set_exception(ending)
            raise


def _leave(questions: "SimpleQueue[Future[Said] | None]") -> None:
    while True:
        try:
            question = questions.get_nowait()
        except Empty:
            return
        if question is not None:
            question.set_exception(RuntimeError("Nobody answers any more: the work was broken off."))
