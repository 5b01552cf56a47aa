"""Selected items come into the queue."""

from datetime import datetime, timedelta

import pytest

from cast import MakeItem
from openhotline.accounts.models import Person
from openhotline.assessment.models import Decided, Turn
from openhotline.assessment.services.publish_decisions import publish_decisions
from openhotline.assessment.services.queue_items import queue_items
from openhotline.assessment.tests.conftest import NO_CHILD, OPENED, Give, Select

pytestmark = pytest.mark.django_db


def test_a_part_has_one_turn(select: Select) -> None:
    select((1, 0), (1, 5), (2, 0))
    assert Turn.objects.count() == 2


def test_beyond_the_spread_everything_is_looked_at(select: Select) -> None:
    select((1, 0), (1, 20))
    assert Turn.objects.count() == 2


def test_queueing_twice_asks_once(select: Select, now: datetime) -> None:
    items = select((1, 0), (1, 5))
    assert queue_items(item_ids=[item.pk for item in items], actor="step:test", now=now) == 0


def test_an_item_that_was_not_selected_is_not_queued(make_item: MakeItem, now: datetime) -> None:
    assert queue_items(item_ids=[make_item().pk], actor="step:test", now=now) == 0


@pytest.mark.parametrize(("facts", "covered"), [(NO_CHILD, 2), (OPENED, 1)])
def test_a_late_member_is_covered_where_the_decision_spreads(
    select: Select, give: Give, analyst: Person, now: datetime, facts: dict[str, str], covered: int
) -> None:
    select((1, 0))
    give(analyst, facts)
    publish_decisions(actor="step:test", now=now + timedelta(minutes=1))
    select((1, 3))
    assert Decided.objects.count() == covered
