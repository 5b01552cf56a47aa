"""One person records facts; the law says what follows."""

from datetime import datetime, timedelta

import pytest

from openhotline.accounts.models import Person
from openhotline.accounts.services.add_person import add_person
from openhotline.accounts.states import Role
from openhotline.assessment.errors import TurnMissing, TurnOver
from openhotline.assessment.models import Assessment, Turn
from openhotline.assessment.services.assess_item import assess_item
from openhotline.assessment.services.take_turn import take_turn
from openhotline.assessment.states import Opinion
from openhotline.assessment.tests.conftest import NO_CHILD, OPENED, PHOTOGRAPH_LIKE, Give, Select
from openhotline.law.models import Facts

pytestmark = pytest.mark.django_db
LETTER_C = PHOTOGRAPH_LIKE | {"severity": "C"}


@pytest.mark.parametrize("facts", [NO_CHILD, OPENED])
def test_what_is_not_criminal_is_decided_by_one(
    select: Select, give: Give, analyst: Person, facts: dict[str, str]
) -> None:
    select((1, 0))
    assert give(analyst, facts).decision is not None


def test_a_criminal_opinion_asks_for_a_blind_second(select: Select, give: Give, analyst: Person) -> None:
    select((1, 0))
    given = give(analyst, PHOTOGRAPH_LIKE)
    assert (given.decision, given.asks) == (None, Opinion.SECOND)


def test_two_alike_decide(select: Select, give: Give, analyst: Person, other_analyst: Person) -> None:
    select((1, 0))
    give(analyst, PHOTOGRAPH_LIKE)
    decision = give(other_analyst, PHOTOGRAPH_LIKE).decision
    assert decision is not None
    assert (decision.consensus, decision.disagreed) == (2, False)


def test_another_letter_is_a_disagreement_that_a_senior_resolves(
    select: Select, give: Give, analyst: Person, other_analyst: Person, senior: Person
) -> None:
    select((1, 0))
    give(analyst, PHOTOGRAPH_LIKE)
    assert give(other_analyst, LETTER_C).asks == Opinion.THIRD
    decision = give(senior, LETTER_C).decision
    assert decision is not None
    assert (decision.facts["severity"], decision.consensus, decision.disagreed) == ("C", 2, True)


def test_an_analyst_is_not_given_the_third_opinion(
    select: Select, give: Give, analyst: Person, other_analyst: Person, now: datetime
) -> None:
    select((1, 0))
    give(analyst, PHOTOGRAPH_LIKE)
    give(other_analyst, LETTER_C)
    third = add_person(
        username="third", name="Third", role=Role.ANALYST, password=None, practice=True, actor="test", now=now
    )
    assert take_turn(actor=third, now=now) is None


def test_sending_twice_records_once(select: Select, analyst: Person, now: datetime) -> None:
    select((1, 0))
    turn = take_turn(actor=analyst, now=now)
    for _ in range(2):
        assess_item(turn_id=turn.pk, facts=Facts.from_dict(NO_CHILD), idempotency="k", actor=analyst, now=now)
    assert Assessment.objects.count() == 1


def test_nobody_assesses_anothers_turn(select: Select, analyst: Person, other_analyst: Person, now: datetime) -> None:
    select((1, 0))
    turn = take_turn(actor=analyst, now=now)
    with pytest.raises(TurnMissing):
        assess_item(turn_id=turn.pk, facts=Facts(), idempotency="k", actor=other_analyst, now=now)


def test_a_turn_that_ran_out_is_over(select: Select, analyst: Person, now: datetime) -> None:
    select((1, 0))
    turn = take_turn(actor=analyst, now=now)
    with pytest.raises(TurnOver):
        assess_item(turn_id=turn.pk, facts=Facts(), idempotency="k", actor=analyst, now=now + timedelta(minutes=11))
    assert Turn.objects.get().state == "locked"


def test_what_was_not_answered_is_recorded_as_not_determined(select: Select, give: Give, analyst: Person) -> None:
    select((1, 0))
    assert give(analyst, NO_CHILD).assessment.facts["real_child"] == "not_determined"
