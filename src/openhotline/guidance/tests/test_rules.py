"""The rule language and the reader's moves, for whatever is asked and answered."""

from collections.abc import Mapping
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from openhotline.guidance.models.condition import Condition
from openhotline.guidance.models.guidance import Guidance
from openhotline.guidance.policies.moves import Place, answered, back, before, path_of, settled
from openhotline.guidance.queries.content import load

QUESTIONS, VALUES = ("a", "b", "c"), ("1", "2", "3")
answers_given = st.dictionaries(st.sampled_from(QUESTIONS), st.sampled_from(VALUES))
leaves = st.builds(
    lambda of, values: Condition("answer", of, tuple(values)),
    st.sampled_from(QUESTIONS),
    st.sets(st.sampled_from(VALUES), min_size=1),
)
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(lambda part: Condition("not", parts=(part,)), inner),
        st.builds(
            lambda kind, parts: Condition(kind, parts=tuple(parts)),
            st.sampled_from(["all", "any"]),
            st.lists(inner, min_size=1, max_size=3),
        ),
    ),
    max_leaves=8,
)
FACTS: Mapping[str, Condition] = {"f": Condition("answer", "a", ("1",))}


def not_(one: Condition) -> Condition:
    return Condition("not", parts=(one,))


@given(conditions, answers_given)
def test_not_turns_a_condition_round(one: Condition, answers: dict[str, str]) -> None:
    assert not_(one).holds(answers, FACTS) is not one.holds(answers, FACTS)


@given(conditions, conditions, answers_given)
def test_and_is_the_not_of_or_of_nots(one: Condition, other: Condition, answers: dict[str, str]) -> None:
    both = Condition("all", parts=(one, other)).holds(answers, FACTS)
    assert both is not Condition("any", parts=(not_(one), not_(other))).holds(answers, FACTS)


@given(conditions, answers_given, st.sampled_from(VALUES))
def test_only_the_questions_it_names_matter(one: Condition, answers: dict[str, str], value: str) -> None:
    other = next((q for q in QUESTIONS if q not in one.questions(FACTS)), "none")
    assert one.holds(answers, FACTS) is one.holds({**answers, other: value}, FACTS)


@given(answers_given)
def test_a_fact_holds_when_its_condition_does(answers: dict[str, str]) -> None:
    assert Condition("fact", "f").holds(answers, FACTS) is FACTS["f"].holds(answers, FACTS)


@given(conditions)
def test_words_name_every_question(one: Condition) -> None:
    assert all(f"{name} is" in one.in_words() for name in one.questions(FACTS))


@cache
def guidance() -> Guidance:
    """The shipped guidance, read once."""
    return load(None)


texts = st.one_of(
    st.text(max_size=8),
    st.sampled_from(["yes", "no", "called", "child", "both", "address", "device", "seen", "peer", "unknown"]),
    st.sampled_from(sorted([*guidance().nations, *guidance().flows])),
)


@given(st.lists(st.one_of(texts, st.just("<back>")), max_size=14))
def test_whatever_is_answered_the_place_is_one_that_exists(given_answers: list[str]) -> None:
    place = Place()
    for answer in given_answers:
        moved = back(place) if answer == "<back>" else answered(place, answer, guidance())
        place = place if moved is None else moved
        assert settled(place, guidance()) == place
        assert not place.flow or not place.nation or path_of(place, guidance()) is not None


@given(st.lists(texts, max_size=10))
def test_back_leads_to_where_the_answer_was_given(given_answers: list[str]) -> None:
    place = Place()
    for answer in given_answers:
        moved = answered(place, answer, guidance())
        if moved is not None and moved != place:
            assert back(moved) == place
            assert before(moved) == answer
            place = moved


@given(texts, texts, st.dictionaries(texts, texts, max_size=6))
def test_whatever_a_page_carried_is_settled_to_what_there_is(nation: str, flow: str, answers: dict[str, str]) -> None:
    """An old page, or guidance that has changed since: what is not offered any more falls away, the rest stays."""
    place = settled(Place(nation, flow, answers), guidance())
    assert place.nation in {"", nation}
    assert place.flow in {"", flow}
    assert set(place.answers.items()) <= set(answers.items())


def test_a_change_of_nation_keeps_flow_and_answers() -> None:
    there = Place("wales", "adult", {"danger": "no", "life": "no"})
    asking = Place("", there.flow, there.answers)
    assert answered(settled(asking, guidance()), "scotland", guidance()) == Place("scotland", there.flow, there.answers)
