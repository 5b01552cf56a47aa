"""A decision is put in question, and somebody else decides again."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from openhotline.accounts.models import Person
from openhotline.accounts.services.add_person import add_person
from openhotline.accounts.states import Role
from openhotline.assessment.events import DecisionsCorrected
from openhotline.assessment.models import Assessment, Decided, Decision, Outcome, Reassessment, Turn
from openhotline.assessment.queries import earlier_opinions
from openhotline.assessment.services.ask_reassessment import ask_reassessment
from openhotline.assessment.services.assess_item import Assessed, assess_item
from openhotline.assessment.services.publish_decisions import publish_decisions
from openhotline.assessment.services.take_turn import take_turn
from openhotline.assessment.services.undo_assessment import undo_assessment
from openhotline.assessment.states import DecisionState, ReassessmentState, Source
from openhotline.assessment.tests.conftest import NO_CHILD, PHOTOGRAPH_LIKE, Give, Select
from openhotline.core.models import Event
from openhotline.evidence.models import Item
from openhotline.law.models import Facts

pytestmark = pytest.mark.django_db
SOON = timedelta(seconds=31)


@pytest.fixture
def published(select: Select, give: Give, analyst: Person, now: datetime) -> Item:
    """An item that was published as not criminal."""
    (item,) = select((1, 0))
    give(analyst, NO_CHILD)
    publish_decisions(actor="step:test", now=now + SOON)
    return item


@pytest.fixture
def review(senior: Person, now: datetime) -> Callable[..., Assessed]:
    """Let a senior take the review and record facts."""

    def do(facts: dict[str, str], *, after: timedelta = SOON) -> Assessed:
        turn = take_turn(actor=senior, now=now + after)
        assert turn is not None
        return assess_item(
            turn_id=turn.pk, facts=Facts.from_dict(facts), idempotency=f"{after}", actor=senior, now=now + after
        )

    return do


def ask(item: Item, now: datetime, source: Source = Source.MEMBER) -> list[Reassessment]:
    """Put an item's decision in question."""
    return ask_reassessment(item_ids=[item.pk], source=source, actor="step:test", now=now + SOON)


def test_a_correction_takes_the_place_of_the_decision_once_it_is_published(
    published: Item, review: Callable[..., Assessed], now: datetime
) -> None:
    (asked,) = ask(published, now)
    review(PHOTOGRAPH_LIKE)
    assert Decision.objects.get(state=DecisionState.PUBLISHED) == asked.decision, "until then the old one stands"
    publish_decisions(actor="step:test", now=now + 2 * SOON)
    new = Decision.objects.get(state=DecisionState.PUBLISHED)
    asked.refresh_from_db()
    asked.decision.refresh_from_db()
    assert (asked.state, asked.decision.state) == (ReassessmentState.ANSWERED, DecisionState.CORRECTED)
    assert Decided.objects.get(item=published).decision == new
    assert Outcome.objects.filter(decision=new, criminal=True).exists()
    assert Event.objects.get(kind=DecisionsCorrected.kind).ids == [new.pk]


def test_a_second_delivery_asks_nothing_more(published: Item, now: datetime) -> None:
    assert len(ask(published, now)) == 1
    assert ask(published, now, Source.POLICE) == []
    assert Turn.objects.filter(opinion="review").count() == 1


def test_who_gave_an_opinion_before_does_not_review_it(
    select: Select, give: Give, senior: Person, now: datetime
) -> None:
    (item,) = select((1, 0))
    give(senior, NO_CHILD)
    publish_decisions(actor="step:test", now=now + SOON)
    ask(item, now)
    assert take_turn(actor=senior, now=now + SOON) is None


def test_an_analyst_is_not_given_a_review(published: Item, other_analyst: Person, now: datetime) -> None:
    ask(published, now)
    assert take_turn(actor=other_analyst, now=now + SOON) is None


def test_the_reviewer_sees_what_was_recorded(published: Item, senior: Person, now: datetime) -> None:
    ask(published, now)
    turn = take_turn(actor=senior, now=now + SOON)
    assert turn is not None
    assert [given.facts.to_dict()["depicts_child"] for given in earlier_opinions(turn)] == ["no"]


def test_a_correction_can_be_undone_and_the_old_decision_stands(
    published: Item, review: Callable[..., Assessed], senior: Person, now: datetime
) -> None:
    ask(published, now)
    made = review(PHOTOGRAPH_LIKE)
    undo_assessment(assessment_id=made.assessment.pk, actor=senior, now=now + SOON)
    assert publish_decisions(actor="step:test", now=now + 3 * SOON) == 0
    assert Decision.objects.filter(state=DecisionState.PUBLISHED).count() == 1


def test_it_can_be_put_in_question_again_after_it_was_corrected(
    published: Item, review: Callable[..., Assessed], now: datetime
) -> None:
    ask(published, now)
    review(PHOTOGRAPH_LIKE)
    publish_decisions(actor="step:test", now=now + 2 * SOON)
    other = add_person(
        username="other senior", name="O", role=Role.SENIOR, password="p", practice=True, actor="test", now=now
    )
    assert len(ask_reassessment(item_ids=[published.pk], source=Source.STAFF, actor="x", now=now + 3 * SOON)) == 1
    assert take_turn(actor=other, now=now + 3 * SOON) is not None
    assert Assessment.objects.count() == 2
