"""Questions in the order that ends soonest: what can change nothing any more is put away."""

from itertools import product

import pytest

from openhotline.desk.states import OPEN, QUESTIONS, QUICK_ANSWERS, Question
from openhotline.law.states import FACTS

BY_FACT = {one.fact: one for one in QUESTIONS}


def asked(question: Question, facts: dict[str, str]) -> bool:
    """Say whether the page asks a question beside these answers, as its script works it out."""
    return all(facts.get(fact, OPEN.value) in values for fact, values in question.when.items())


def left(facts: dict[str, str]) -> set[str]:
    """Return the questions that are asked beside these answers."""
    return {one.fact for one in QUESTIONS if asked(one, facts)}


def test_a_question_depends_on_earlier_ones_and_on_values_that_exist() -> None:
    order = [one.fact for one in QUESTIONS]
    for one in QUESTIONS:
        for fact, values in one.when.items():
            assert order.index(fact) < order.index(one.fact)
            assert set(values) <= {str(value) for value in FACTS[fact]}


def test_everything_but_the_reasons_is_asked_while_nothing_is_answered() -> None:
    reasons = {"ai_basis", "ai_confidence", "real_child_basis", "real_child_confidence"}
    assert left({}) == set(BY_FACT) - reasons


@pytest.mark.parametrize(
    ("facts", "gone"),
    [
        ({"depicts_child": "no"}, {"severity", "age_band", "real_child", "limb_62_2_a"}),
        ({"looks_like_photograph": "yes"}, {"limb_62_2_a", "dominant_impression_child"}),
        ({"looks_like_photograph": "no"}, {"severity", "indecent"}),
        ({"content_kind": "guide"}, {"severity", "depicts_child", "test_soa_46a"}),
        ({"content_kind": "ai_model_or_tool"}, {"severity", "depicts_child", "test_sca_69"}),
        ({"content_kind": "text"}, {"severity", "looks_like_photograph", "test_soa_46a"}),
    ],
)
def test_an_answer_ends_what_hangs_on_it(facts: dict[str, str], gone: set[str]) -> None:
    assert gone.isdisjoint(left(facts))


@pytest.mark.parametrize(
    ("fact", "value", "reasons"),
    [
        ("ai_involvement", "wholly_synthetic", {"ai_basis", "ai_confidence"}),
        ("real_child", "yes", {"real_child_basis", "real_child_confidence"}),
        ("real_child", "no", {"real_child_basis", "real_child_confidence"}),
    ],
)
def test_reasons_and_confidence_are_asked_once_something_is_said(fact: str, value: str, reasons: set[str]) -> None:
    assert reasons <= left({fact: value})


def test_no_quick_answer_says_what_would_not_be_asked() -> None:
    for quick, involvement in product(QUICK_ANSWERS, ("none_seen", "wholly_synthetic")):
        facts = dict(quick.facts) | {"ai_involvement": involvement}
        said = {fact for fact in quick.facts if quick.facts[fact] != "none"}
        assert said <= left(facts), quick.code
