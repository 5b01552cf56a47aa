"""Which question follows which answer, and where the answers lead: all of it, as it is a small world."""

from itertools import product

import pytest

from openhotline.intake.models.young import ALLOWED, is_allowed, is_child_now, next_step
from openhotline.intake.states import Age, Taken, Who, YoungEnd


def walk(answers: dict[str, str]) -> tuple[list[str], YoungEnd]:
    """Answer what is asked out of these answers; return what was asked and where it ended."""
    given: dict[str, str] = {}
    while (step := next_step(given)).end is None:
        given[step.question] = answers[step.question]
    return [*given], step.end


def test_every_path_ends_after_at_most_three_questions() -> None:
    ends = set()
    for who, age, taken in product(Who, Age, Taken):
        asked, end = walk({"who": who, "age": age, "taken": taken})
        assert len(asked) <= 3
        ends.add(end)
    assert ends == set(YoungEnd)


@pytest.mark.parametrize("age", [Age.UNDER_13, Age.FROM_13, Age.FROM_16])
def test_who_is_under_18_now_is_not_asked_when(age: Age) -> None:
    assert walk({"who": Who.ME, "age": age}) == (["who", "age"], YoungEnd.CHOICE)


@pytest.mark.parametrize("age", [Age.ADULT, Age.NOT_SAID])
def test_a_picture_from_before_18_is_helped_whatever_the_age_now(age: Age) -> None:
    for taken in (Taken.UNDER_18, Taken.NOT_SURE):
        assert walk({"who": Who.ME, "age": age, "taken": taken}) == (["who", "age", "taken"], YoungEnd.CHOICE)
    assert walk({"who": Who.ME, "age": age, "taken": Taken.ADULT})[1] == YoungEnd.ADULT_PICTURE


def test_a_picture_of_someone_else_never_leads_to_codes() -> None:
    """Not even when somebody adds answers that were never asked for."""
    for age, taken in product(Age, Taken):
        assert next_step({"who": Who.SOMEONE, "age": age, "taken": taken}).end == YoungEnd.SOMEONE


def test_only_adults_are_not_offered_a_service_for_children() -> None:
    assert [age for age in Age if not is_child_now({"age": age})] == [Age.ADULT]


def test_only_answers_that_a_page_offers_are_allowed() -> None:
    assert is_allowed({})
    assert is_allowed({"who": "me", "age": "13_to_15"})
    for wrong in ({"who": "parent"}, {"name": "me"}, {"who": 1}, {"who": None}, ["who"], "who", None):
        assert not is_allowed(wrong)
    assert set(ALLOWED) == {"who", "age", "taken"}
