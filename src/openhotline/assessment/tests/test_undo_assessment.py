"""An analyst takes back what they have just recorded."""

from datetime import datetime, timedelta

import pytest

from openhotline.accounts.models import Person
from openhotline.assessment.errors import TooLateToUndo
from openhotline.assessment.models import Decision, Turn
from openhotline.assessment.services.publish_decisions import publish_decisions
from openhotline.assessment.services.take_turn import take_turn
from openhotline.assessment.services.undo_assessment import undo_assessment
from openhotline.assessment.states import Opinion
from openhotline.assessment.tests.conftest import NO_CHILD, PHOTOGRAPH_LIKE, Give, Select

pytestmark = pytest.mark.django_db


def test_the_turn_is_in_hand_again(select: Select, give: Give, analyst: Person, now: datetime) -> None:
    select((1, 0), (2, 0))
    given = give(analyst, NO_CHILD)
    take_turn(actor=analyst, now=now)
    assert undo_assessment(assessment_id=given.assessment.pk, actor=analyst, now=now).item == given.assessment.item


def test_an_undone_decision_is_never_published(select: Select, give: Give, analyst: Person, now: datetime) -> None:
    select((1, 0))
    undo_assessment(assessment_id=give(analyst, NO_CHILD).assessment.pk, actor=analyst, now=now)
    assert publish_decisions(actor="step:test", now=now + timedelta(minutes=5)) == 0


def test_the_same_item_can_be_decided_again(select: Select, give: Give, analyst: Person, now: datetime) -> None:
    select((1, 0))
    undo_assessment(assessment_id=give(analyst, NO_CHILD).assessment.pk, actor=analyst, now=now)
    assert give(analyst, NO_CHILD).decision is not None
    assert Decision.objects.count() == 2


def test_the_second_opinion_is_no_longer_asked(select: Select, give: Give, analyst: Person, now: datetime) -> None:
    select((1, 0))
    undo_assessment(assessment_id=give(analyst, PHOTOGRAPH_LIKE).assessment.pk, actor=analyst, now=now)
    assert not Turn.objects.filter(opinion=Opinion.SECOND).exists()


def test_once_somebody_began_the_second_it_is_too_late(
    select: Select, give: Give, analyst: Person, other_analyst: Person, now: datetime
) -> None:
    select((1, 0))
    given = give(analyst, PHOTOGRAPH_LIKE)
    take_turn(actor=other_analyst, now=now)
    with pytest.raises(TooLateToUndo, match="already begun"):
        undo_assessment(assessment_id=given.assessment.pk, actor=analyst, now=now)


def test_after_thirty_seconds_it_is_too_late(select: Select, give: Give, analyst: Person, now: datetime) -> None:
    select((1, 0))
    given = give(analyst, NO_CHILD)
    with pytest.raises(TooLateToUndo, match="30 seconds"):
        undo_assessment(assessment_id=given.assessment.pk, actor=analyst, now=now + timedelta(seconds=31))


def test_nobody_undoes_anothers(
    select: Select, give: Give, analyst: Person, other_analyst: Person, now: datetime
) -> None:
    select((1, 0))
    given = give(analyst, NO_CHILD)
    with pytest.raises(TooLateToUndo):
        undo_assessment(assessment_id=given.assessment.pk, actor=other_analyst, now=now)
