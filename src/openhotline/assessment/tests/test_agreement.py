"""How far two opinions agree: against published examples, and from what is in the database."""

from datetime import datetime, timedelta

import pytest

from openhotline.accounts.models import Person
from openhotline.assessment.models import Assessment
from openhotline.assessment.models.agreement import agreement
from openhotline.assessment.queries import agreements
from openhotline.assessment.tests.conftest import NO_CHILD, PHOTOGRAPH_LIKE, Give, Select

# K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), sections A and B.
BINARY = list(zip("0100000010", "1110010000", strict=True))
NOMINAL = list(zip("aabbdcccedda", "babbbccceddd", strict=True))
LETTER_C = PHOTOGRAPH_LIKE | {"severity": "C"}


@pytest.mark.parametrize(("pairs", "alpha"), [(BINARY, 0.095), (NOMINAL, 0.692)])
def test_alpha_is_the_published_one(pairs: list[tuple[str, str]], alpha: float) -> None:
    found = agreement(pairs)
    assert found is not None
    assert found.alpha == pytest.approx(alpha, abs=0.0005)


def test_perfect_agreement_is_one_and_its_interval_too() -> None:
    found = agreement([("a", "a"), ("b", "b")] * 50)
    assert found is not None
    assert (found.percent, found.alpha, found.low, found.high) == (100, 1, 1, 1)


def test_where_everybody_says_the_same_there_is_no_alpha() -> None:
    found = agreement([("a", "a")] * 5)
    assert found is not None
    assert (found.percent, found.alpha, found.low) == (100, None, None)


def test_of_no_pairs_there_is_nothing() -> None:
    assert agreement([]) is None


def test_more_pairs_make_the_interval_narrower_and_it_is_the_same_each_time() -> None:
    few, many = agreement(NOMINAL), agreement(NOMINAL * 20)
    assert few is not None
    assert many is not None
    assert few.low < many.low < many.alpha < many.high < few.high  # type: ignore[operator] # all are numbers here
    assert many == agreement(NOMINAL * 20)


def test_the_table_counts_by_first_and_second_in_the_given_order() -> None:
    found = agreement([("b", "a"), ("b", "b"), ("x", "b")], order=["b", "a", "c"])
    assert found is not None
    assert (found.values, found.table) == (("b", "a", "x"), ((1, 1, 0), (0, 0, 0), (1, 0, 0)))


@pytest.mark.django_db
def test_blind_pairs_are_measured_and_the_third_opinion_is_not(
    select: Select, give: Give, analyst: Person, other_analyst: Person, senior: Person, now: datetime
) -> None:
    select((1, 0))
    give(analyst, PHOTOGRAPH_LIKE)
    give(other_analyst, LETTER_C)
    give(senior, LETTER_C)
    select((2, 0))
    give(analyst, PHOTOGRAPH_LIKE)
    give(other_analyst, PHOTOGRAPH_LIKE)
    found = agreements(now)
    assert found.outcome is not None
    assert (found.outcome.pairs, found.outcome.percent) == (2, 50)
    assert found.questions["severity"].table == ((1, 1), (0, 0))
    assert "commercial" not in found.questions


@pytest.mark.django_db
def test_an_opinion_that_was_taken_back_or_stands_alone_is_not_measured(
    select: Select, give: Give, analyst: Person, other_analyst: Person, now: datetime
) -> None:
    select((1, 0))
    give(analyst, NO_CHILD)
    select((2, 0))
    give(analyst, PHOTOGRAPH_LIKE)
    taken_back = give(other_analyst, PHOTOGRAPH_LIKE).assessment
    Assessment.objects.filter(pk=taken_back.pk).update(undone_at=now)
    assert agreements(now).outcome is None


@pytest.mark.django_db
def test_months_stand_apart(select: Select, give: Give, analyst: Person, other_analyst: Person, now: datetime) -> None:
    for number, second in enumerate((LETTER_C, PHOTOGRAPH_LIKE)):
        select((number + 1, 0))
        give(analyst, PHOTOGRAPH_LIKE)
        given = give(other_analyst, second).assessment
        if second == LETTER_C:
            Assessment.objects.filter(pk=given.pk).update(made_at=now - timedelta(days=62))
    assert [found.percent for _, found in agreements(now).months] == [0, 100]
    assert agreements(now + timedelta(days=300)).months == ()
