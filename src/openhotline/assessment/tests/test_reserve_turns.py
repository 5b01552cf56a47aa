"""What comes next is reserved, so that its blurred tiles can be fetched ahead."""

from datetime import datetime, timedelta

import pytest

from openhotline.accounts.models import Person
from openhotline.assessment.models import Turn
from openhotline.assessment.queries import reserved
from openhotline.assessment.services.reserve_turns import reserve_turns
from openhotline.assessment.services.take_turn import take_turn
from openhotline.assessment.tests.conftest import Select

pytestmark = pytest.mark.django_db


def test_three_are_reserved_and_a_colleague_gets_the_fourth(
    select: Select, analyst: Person, other_analyst: Person, now: datetime
) -> None:
    items = select(*((seed, 0) for seed in range(1, 5)))
    assert [turn.item for turn in reserve_turns(actor=analyst, now=now)] == items[:3]
    theirs = take_turn(actor=other_analyst, now=now)
    assert theirs is not None
    assert theirs.item == items[3]
    mine = take_turn(actor=analyst, now=now)
    assert mine is not None
    assert mine.item == items[0]


def test_a_reservation_ends_after_five_minutes(
    select: Select, analyst: Person, other_analyst: Person, now: datetime
) -> None:
    (item,) = select((1, 0))
    reserve_turns(actor=analyst, now=now)
    later = now + timedelta(minutes=5)
    assert reserved(analyst.public_id, item.pk, later) is None
    assert take_turn(actor=other_analyst, now=later) is not None


def test_what_is_more_pressing_comes_first_all_the_same(select: Select, analyst: Person, now: datetime) -> None:
    select(*((seed, 0) for seed in range(1, 5)))
    reserve_turns(actor=analyst, now=now)
    pressing = Turn.objects.latest("pk")
    Turn.objects.filter(pk=pressing.pk).update(points=50)
    assert take_turn(actor=analyst, now=now) == pressing
