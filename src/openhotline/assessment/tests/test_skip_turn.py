"""An analyst passes a turn on."""

from datetime import datetime

import pytest

from openhotline.accounts.models import Person
from openhotline.assessment.errors import TurnMissing
from openhotline.assessment.services.skip_turn import skip_turn
from openhotline.assessment.services.take_turn import take_turn
from openhotline.assessment.tests.conftest import Select
from openhotline.audit.models import Record

pytestmark = pytest.mark.django_db


def test_a_skipped_turn_comes_to_somebody_else(
    select: Select, analyst: Person, other_analyst: Person, now: datetime
) -> None:
    select((1, 0))
    turn = take_turn(actor=analyst, now=now)
    skip_turn(turn_id=turn.pk, actor=analyst, now=now)
    assert take_turn(actor=analyst, now=now) is None
    assert take_turn(actor=other_analyst, now=now) == turn


def test_nobody_skips_for_another(select: Select, analyst: Person, other_analyst: Person, now: datetime) -> None:
    select((1, 0))
    turn = take_turn(actor=analyst, now=now)
    with pytest.raises(TurnMissing):
        skip_turn(turn_id=turn.pk, actor=other_analyst, now=now)


def test_the_log_does_not_say_who_skipped(select: Select, analyst: Person, now: datetime) -> None:
    select((1, 0))
    skip_turn(turn_id=take_turn(actor=analyst, now=now).pk, actor=analyst, now=now)
    assert Record.objects.get(action="turn_skipped").actor == "somebody"
