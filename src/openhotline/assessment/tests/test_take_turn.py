"""An analyst takes the next turn."""

from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from openhotline.accounts.models import Person
from openhotline.assessment.models import Turn
from openhotline.assessment.services.choosing import next_turns
from openhotline.assessment.services.free_turns import free_turns
from openhotline.assessment.services.take_turn import take_turn
from openhotline.assessment.tests.conftest import PHOTOGRAPH_LIKE, Give, Select
from openhotline.core.errors import NotAllowed

pytestmark = pytest.mark.django_db


def test_the_highest_points_come_first(select: Select, analyst: Person, now: datetime) -> None:
    _, urgent = select((1, 0), (2, 0))
    Turn.objects.filter(item=urgent).update(points=200)
    assert take_turn(actor=analyst, now=now).item == urgent


def test_whoever_skipped_the_first_gets_the_next_however_many_they_were(
    select: Select, analyst: Person, now: datetime
) -> None:
    items = select(*((number, 0) for number in range(1, 8)))
    Turn.objects.exclude(item=items[-1]).update(skipped_by=[analyst.public_id], points=9)
    turn = take_turn(actor=analyst, now=now)
    assert turn is not None
    assert turn.item == items[-1]


def test_no_more_are_held_than_are_looked_at(select: Select, analyst: Person, now: datetime) -> None:
    """A colleague who asks at the same moment gets what comes next, and not the fiftieth."""
    select(*((number, 0) for number in range(1, 8)))
    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        next_turns(analyst, now, 1)
    (looked,) = [one["sql"] for one in asked if "ORDER BY" in one["sql"] and "assessment_turn" in one["sql"]]
    assert "LIMIT 4" in looked


def test_a_held_turn_is_given_again(select: Select, analyst: Person, now: datetime) -> None:
    select((1, 0), (2, 0))
    assert take_turn(actor=analyst, now=now) == take_turn(actor=analyst, now=now)


def test_two_people_never_hold_the_same_turn(
    select: Select, analyst: Person, other_analyst: Person, now: datetime
) -> None:
    select((1, 0))
    take_turn(actor=analyst, now=now)
    assert take_turn(actor=other_analyst, now=now) is None


@pytest.mark.parametrize("step", [-timedelta(hours=1), timedelta(hours=1)], ids=["back", "ahead"])
def test_a_clock_that_steps_gives_a_turn_to_one_person_at_a_time(
    step: timedelta, select: Select, analyst: Person, other_analyst: Person, now: datetime
) -> None:
    """Back, the lock holds for as much longer, and its person goes on; ahead, it ends at once, and one other has it."""
    select((1, 0))
    held = take_turn(actor=analyst, now=now)
    then = now + step
    free_turns(actor="step:free_turns", now=then)
    others = take_turn(actor=other_analyst, now=then)
    assert (others is None) is (step < timedelta(0))
    assert take_turn(actor=analyst, now=then) == (held if others is None else None)
    assert Turn.objects.get().person == (analyst if others is None else other_analyst).public_id


def test_nobody_gives_two_opinions_on_one_item(select: Select, give: Give, analyst: Person, now: datetime) -> None:
    select((1, 0))
    give(analyst, PHOTOGRAPH_LIKE)
    assert take_turn(actor=analyst, now=now) is None


def test_planted_bug_without_the_rule_the_same_person_would_be_given_it(
    select: Select, give: Give, analyst: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the exclusion taken away the second opinion comes to the first's author: the rule is what stops it."""
    select((1, 0))
    give(analyst, PHOTOGRAPH_LIKE)
    monkeypatch.setattr(
        "openhotline.assessment.services.choosing._mine", lambda _person: Turn.objects.none().values("pk")
    )
    assert take_turn(actor=analyst, now=now) is not None


def test_a_manager_does_not_assess(manager: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        take_turn(actor=manager, now=now)
