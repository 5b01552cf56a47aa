"""A complaint was looked into."""

from datetime import datetime, timedelta

import pytest

from openhotline.accounts.models import Person
from openhotline.assessment.models import Decision, Reassessment
from openhotline.assessment.services.answer_complaint import answer_complaint
from openhotline.assessment.services.note_complaint import note_complaint
from openhotline.assessment.services.publish_decisions import publish_decisions
from openhotline.assessment.states import Complainer, ComplaintState, Finding, ReassessmentState
from openhotline.assessment.tests.conftest import NO_CHILD, Give, Select
from openhotline.core.errors import NotAllowed, NotNow

pytestmark = pytest.mark.django_db


def test_a_senior_or_manager_answers_it_once(analyst: Person, manager: Person, now: datetime) -> None:
    row = note_complaint(source=Complainer.PUBLIC, what="Too slow.", about="", actor=analyst, now=now)
    with pytest.raises(NotAllowed):
        answer_complaint(complaint=row.public_id, finding=Finding.UPHELD, actor=analyst, now=now)
    done = answer_complaint(complaint=row.public_id, finding=Finding.UPHELD, actor=manager, now=now)
    assert (done.state, done.finding) == (ComplaintState.ANSWERED, Finding.UPHELD)
    with pytest.raises(NotNow):
        answer_complaint(complaint=row.public_id, finding=Finding.NOT_UPHELD, actor=manager, now=now)


def test_not_before_what_it_complains_of_was_decided_again(
    select: Select, give: Give, analyst: Person, manager: Person, now: datetime
) -> None:
    select((1, 0))
    give(analyst, NO_CHILD)
    publish_decisions(actor="step:test", now=now + timedelta(seconds=31))
    about = Decision.objects.get().public_id
    row = note_complaint(source=Complainer.SITE, what="It is ours.", about=about, actor=manager, now=now)
    with pytest.raises(NotNow, match="decided again"):
        answer_complaint(complaint=row.public_id, finding=Finding.UPHELD, actor=manager, now=now)
    Reassessment.objects.update(state=ReassessmentState.ANSWERED)
    answer_complaint(complaint=row.public_id, finding=Finding.NOT_UPHELD, actor=manager, now=now)
