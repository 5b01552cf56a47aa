"""Somebody is put on call out of hours."""

from datetime import datetime, timedelta

import pytest

from openhotline.accounts.models import OnCall, Person
from openhotline.accounts.queries import on_call_at, rota
from openhotline.accounts.services.put_on_call import put_on_call
from openhotline.core.errors import NotAllowed, NotNow

pytestmark = pytest.mark.django_db
NIGHT = timedelta(hours=12)


def put(person: Person, actor: Person, now: datetime, *, step: int = 1, after: timedelta = timedelta()) -> OnCall:
    """Put a person on call for a night."""
    return put_on_call(
        person=person, step=step, begins_at=now + after, ends_at=now + after + NIGHT, actor=actor, now=now
    )


def test_they_are_tried_in_the_order_of_their_steps(
    manager: Person, senior: Person, analyst: Person, now: datetime
) -> None:
    put(senior, manager, now, step=2)
    put(analyst, manager, now)
    assert [one.person for one in on_call_at(now)] == [analyst, senior]
    assert on_call_at(now + NIGHT) == []
    assert len(rota(now)) == 2


def test_nobody_is_on_call_twice_at_the_same_time(manager: Person, senior: Person, now: datetime) -> None:
    put(senior, manager, now)
    with pytest.raises(NotNow, match="already"):
        put(senior, manager, now, step=2, after=timedelta(hours=11))
    put(senior, manager, now, after=NIGHT)


@pytest.mark.parametrize(
    ("step", "begins", "hours", "sentence"),
    [(4, 0, 12, "Step 4"), (1, 0, 0, "ends later"), (1, 0, 169, "a week"), (1, -13, 12, "later than now")],
)
def test_what_is_no_turn_is_refused(
    manager: Person, senior: Person, now: datetime, step: int, begins: int, hours: int, sentence: str
) -> None:
    begin = now + timedelta(hours=begins)
    with pytest.raises(NotNow, match=sentence):
        put_on_call(
            person=senior, step=step, begins_at=begin, ends_at=begin + timedelta(hours=hours), actor=manager, now=now
        )


def test_an_analyst_does_not_keep_the_rota(analyst: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        put(analyst, analyst, now)
