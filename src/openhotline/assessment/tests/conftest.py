"""Selected items, and facts with known outcomes."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from cast import MakeItem
from openhotline.accounts.models import Person
from openhotline.assessment.models import Decision, Turn
from openhotline.assessment.services.assess_item import Assessed, assess_item
from openhotline.assessment.services.publish_decisions import publish_decisions
from openhotline.assessment.services.queue_items import queue_items
from openhotline.assessment.services.take_turn import take_turn
from openhotline.evidence.models import Item
from openhotline.law.models import Facts
from openhotline.triage.models import Selection
from openhotline.triage.services.triage_items import triage_items
from openhotline.triage.states import Reason, SelectionState

PHOTOGRAPH_LIKE = {
    "content_kind": "image",
    "depicts_child": "yes",
    "severity": "B",
    "looks_like_photograph": "yes",
    "ai_involvement": "wholly_synthetic",
    "indecent": "yes",
}
OPENED = {"content_kind": "image", "depicts_child": "age_not_clear"}
NO_CHILD = {"content_kind": "image", "depicts_child": "no"}

Select = Callable[..., list[Item]]
Give = Callable[[Person, dict[str, str]], Assessed]


@pytest.fixture
def select(make_item: MakeItem, now: datetime) -> Select:
    """Select items (by seed and flip) and bring them into the queue."""

    def do(*pictures: tuple[int, int]) -> list[Item]:
        items = [make_item(seed=seed, flip=flip) for seed, flip in pictures]
        ids = [item.pk for item in items]
        triage_items(ids=ids, actor="step:test", now=now)
        Selection.objects.filter(item_id__in=ids).update(state=SelectionState.SELECTED, reason=Reason.KEPT, by="x")
        queue_items(item_ids=ids, actor="step:test", now=now)
        return items

    return do


@pytest.fixture
def confirmed(select: Select, give: Give, analyst: Person, other_analyst: Person, now: datetime) -> Decision:
    """One published decision that the law of the three places of the United Kingdom calls criminal."""
    select((1, 0))
    for person in (analyst, other_analyst):
        give(person, PHOTOGRAPH_LIKE)
    publish_decisions(actor="step:test", now=now + timedelta(seconds=31))
    return Decision.objects.get()


@pytest.fixture
def give(now: datetime) -> Give:
    """Let a person take the next turn and record facts."""

    def do(person: Person, facts: dict[str, str]) -> Assessed:
        turn = take_turn(actor=person, now=now)
        assert isinstance(turn, Turn)
        key = f"{turn.pk} {person.pk} {turn.item.assessments.count()}"
        return assess_item(turn_id=turn.pk, facts=Facts.from_dict(facts), idempotency=key, actor=person, now=now)

    return do
