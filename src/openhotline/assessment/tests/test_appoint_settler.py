"""A disagreement that every senior analyst has a part in goes to whom a manager names."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings

from openhotline.accounts.models import Person
from openhotline.accounts.states import Role
from openhotline.assessment.models import Decision, Turn
from openhotline.assessment.models.second_opinion import read_settlers
from openhotline.assessment.queries.unsettled import unsettled
from openhotline.assessment.services.appoint_settler import appoint_settler
from openhotline.assessment.services.take_turn import take_turn
from openhotline.assessment.states import Opinion
from openhotline.assessment.tests.conftest import NO_CHILD, PHOTOGRAPH_LIKE, Give, Select
from openhotline.audit.models import Record
from openhotline.core.errors import Misconfigured, NotAllowed, NotNow

pytestmark = pytest.mark.django_db


@pytest.fixture
def differed(select: Select, give: Give, analyst: Person, senior: Person) -> Turn:
    """The analyst and the only senior analyst differed: nobody is left by role."""
    select((1, 0))
    give(analyst, PHOTOGRAPH_LIKE)
    give(senior, NO_CHILD)
    return Turn.objects.get(opinion=Opinion.THIRD)


def test_whoever_is_appointed_settles_it_and_nobody_else_is_given_it(
    differed: Turn, give: Give, other_analyst: Person, senior: Person, manager: Person, now: datetime
) -> None:
    (waits,) = unsettled(now)
    assert (waits.turn, waits.people) == (differed, (other_analyst,))
    assert take_turn(actor=other_analyst, now=now) is None
    appoint_settler(turn_id=differed.pk, person=other_analyst.public_id, actor=manager, now=now)
    assert unsettled(now) == []
    assert take_turn(actor=senior, now=now) is None
    give(other_analyst, PHOTOGRAPH_LIKE)
    assert Decision.objects.get().disagreed is True
    detail = Record.objects.get(action="settler_appointed").detail
    assert detail == {"opinion": "third", "person": other_analyst.public_id}


def test_nobody_is_appointed_who_gave_an_opinion_on_it(
    differed: Turn, analyst: Person, manager: Person, now: datetime
) -> None:
    with pytest.raises(NotNow, match="have given no opinion"):
        appoint_settler(turn_id=differed.pk, person=analyst.public_id, actor=manager, now=now)


def test_a_senior_analyst_appoints_nobody(differed: Turn, other_analyst: Person, senior: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed, match="a manager does"):
        appoint_settler(turn_id=differed.pk, person=other_analyst.public_id, actor=senior, now=now)


def test_what_another_senior_can_settle_is_left_to_them(
    differed: Turn, other_analyst: Person, manager: Person, now: datetime
) -> None:
    Person.objects.filter(pk=other_analyst.pk).update(role=Role.SENIOR)
    assert unsettled(now) == []
    with pytest.raises(NotNow, match="can settle this already"):
        appoint_settler(turn_id=differed.pk, person=other_analyst.public_id, actor=manager, now=now)


def test_who_was_appointed_and_may_assess_no_more_can_be_followed_by_somebody_else(
    differed: Turn, other_analyst: Person, manager: Person, now: datetime
) -> None:
    appoint_settler(turn_id=differed.pk, person=other_analyst.public_id, actor=manager, now=now)
    Person.objects.filter(pk=other_analyst.pk).update(vetted_until=now - timedelta(days=1))
    (waits,) = unsettled(now)
    assert waits.people == ()


def test_an_operator_may_let_other_roles_settle(
    differed: Turn, other_analyst: Person, now: datetime, settings: LazySettings, tmp_path: Path
) -> None:
    settings.SECOND_OPINIONS = str(tmp_path / "own.toml")
    (tmp_path / "own.toml").write_text('settled_by = ["senior_analyst", "analyst"]\n')
    assert unsettled(now) == []
    assert take_turn(actor=other_analyst, now=now) == differed


def test_a_role_that_does_not_assess_settles_nothing(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('settled_by = ["manager"]\n')
    with pytest.raises(Misconfigured, match="it names one or more of: analyst, senior_analyst"):
        read_settlers(tmp_path / "own.toml")


def test_the_shipped_rules_leave_it_to_senior_analysts() -> None:
    assert read_settlers() == {Role.SENIOR}
