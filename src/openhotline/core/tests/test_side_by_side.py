"""Threads ask the thread that began them."""

import threading
from collections.abc import Callable

import pytest

from openhotline.core.side_by_side import side_by_side


def test_what_each_does_comes_back_in_its_order() -> None:
    assert side_by_side(lambda thing, asked: thing * asked(), [1, 2, 3], at_once=2, ask=lambda: 10) == [10, 20, 30]


def test_questions_are_answered_where_the_work_was_begun() -> None:
    answered = side_by_side(lambda _thing, asked: asked(), range(5), at_once=3, ask=threading.get_ident)
    assert set(answered) == {threading.get_ident()}


def test_what_answering_raises_is_for_whoever_asked() -> None:
    answers = iter([1])

    def ask() -> int:
        return next(answers, None) or int("none")

    def do(_thing: int, asked: Callable[[], int]) -> object:
        try:
            return asked()
        except ValueError as error:
            return type(error)

    assert side_by_side(do, range(2), at_once=1, ask=ask) == [1, ValueError]


def test_what_one_raises_is_raised_once_all_are_done() -> None:
    done = []

    def do(thing: int, _asked: Callable[[], None]) -> None:
        done.append(thing)
        if thing == 0:
            raise LookupError

    with pytest.raises(LookupError):
        side_by_side(do, range(3), at_once=1, ask=lambda: None)
    assert done == [0, 1, 2]


def test_who_waits_for_an_answer_is_let_go_when_the_work_is_broken_off() -> None:
    def ask() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        side_by_side(lambda _thing, asked: asked(), range(20), at_once=4, ask=ask)
