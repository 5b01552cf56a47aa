"""An analyst wants another picture now."""

from datetime import datetime, timedelta

import pytest

from openhotline.accounts.models import Person
from openhotline.assessment.errors import TurnMissing
from openhotline.assessment.services.swap_turn import swap_turn
from openhotline.assessment.services.take_turn import take_turn
from openhotline.assessment.tests.conftest import Select
from openhotline.audit.models import Record

pytestmark = pytest.mark.django_db


def test_it_comes_back_after_an_hour_and_not_before(select: Select, analyst: Person, now: datetime) -> None:
    first, second = select((1, 0), (2, 0))
    turn = take_turn(actor=analyst, now=now)
    assert turn is not None
    assert turn.item == first
    swap_turn(turn_id=turn.pk, actor=analyst, now=now)
    other = take_turn(actor=analyst, now=now)
    assert other is not None
    assert other.item == second
    swap_turn(turn_id=other.pk, actor=analyst, now=now)
    assert take_turn(actor=analyst, now=now + timedelta(minutes=59)) is None
    assert take_turn(actor=analyst, now=now + timedelta(minutes=60)) == turn


def test_a_colleague_gets_it_at_once_and_nobody_learns_who_swapped(
    select: Select, analyst: Person, other_analyst: Person, now: datetime
) -> None:
    select((1, 0))
    turn = take_turn(actor=analyst, now=now)
    assert turn is not None
    swap_turn(turn_id=turn.pk, actor=analyst, now=now)
    assert take_turn(actor=other_analyst, now=now) == turn
    assert Record.objects.get(action="turn_swapped").actor == "somebody"


def test_only_who_holds_it_swaps_it(select: Select, analyst: Person, other_analyst: Person, now: datetime) -> None:
    select((1, 0))
    turn = take_turn(actor=analyst, now=now)
    assert turn is not None
    with pytest.raises(TurnMissing):
        swap_turn(turn_id=turn.pk, actor=other_analyst, now=now)
