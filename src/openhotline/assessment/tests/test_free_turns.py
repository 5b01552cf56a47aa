"""A turn that was left goes back to the queue."""

from datetime import datetime, timedelta

import pytest

from openhotline.accounts.models import Person
from openhotline.assessment.services.free_turns import free_turns
from openhotline.assessment.services.take_turn import take_turn
from openhotline.assessment.tests.conftest import Select

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("minutes", "freed"), [(9, 0), (11, 1)])
def test_after_ten_minutes_somebody_else_may(
    select: Select, analyst: Person, now: datetime, minutes: int, freed: int
) -> None:
    select((1, 0))
    take_turn(actor=analyst, now=now)
    assert free_turns(actor="step:test", now=now + timedelta(minutes=minutes)) == freed
