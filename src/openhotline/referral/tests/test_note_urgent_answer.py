"""What the police answer to urgent words is kept, and questions the decision on the picture that they were about."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import IntegrityError, connection, transaction

from openhotline.accounts.models import Person
from openhotline.assessment.models import Decided, Decision, Reassessment
from openhotline.assessment.states import Source
from openhotline.audit.models import Record
from openhotline.core.errors import Missing, NotAllowed, NotNow
from openhotline.core.jobs import drain
from openhotline.referral.models import PoliceAnswer, UrgentDraft, UrgentReferral
from openhotline.referral.queries import answers_about, answers_to_urgent
from openhotline.referral.services.note_urgent_answer import note_urgent_answer
from openhotline.referral.services.send_urgent import send_urgent
from openhotline.referral.states import CameOfAnswer, PoliceSays

pytestmark = pytest.mark.django_db
Note = Callable[..., PoliceAnswer]


@pytest.fixture
def flagged(draft: UrgentDraft, analyst: Person, now: datetime) -> UrgentReferral:
    """Words that went out as they were drafted because of a flag."""
    return send_urgent(
        words=draft.words, report=draft.report, draft=draft.public_id, idempotency="f", actor=analyst, now=now
    )


@pytest.fixture
def typed(analyst: Person, now: datetime) -> UrgentReferral:
    """Words that somebody typed: they are about no picture."""
    return send_urgent(words="A child may be in danger there.", report="", idempotency="t", actor=analyst, now=now)


@pytest.fixture
def note(senior: Person, now: datetime) -> Note:
    """The senior writes down what the police say."""

    def go(sent: UrgentReferral, says: PoliceSays = PoliceSays.WRONG, words: str = "") -> PoliceAnswer:
        return note_urgent_answer(urgent=sent.public_id, says=says, words=words, actor=senior, now=now)

    return go


def test_what_they_call_wrong_is_decided_again(flagged: UrgentReferral, note: Note) -> None:
    answer = note(flagged)
    drain()
    asked = Reassessment.objects.get()
    assert (asked.source, asked.decision, asked.note) == (Source.POLICE, answer.decision, None)
    assert [one.came for one in answers_to_urgent([flagged])] == [CameOfAnswer.AGAIN]
    assert [one.answer for one in answers_about([answer.item_id])] == [answer]


def test_that_they_have_it_is_kept_with_their_reference_and_questions_nothing(
    flagged: UrgentReferral, note: Note
) -> None:
    answer = note(flagged, PoliceSays.HAVE_IT, "Their number is 7.")
    drain()
    assert not Reassessment.objects.exists()
    assert [one.came for one in answers_to_urgent([flagged])] == [CameOfAnswer.KEPT]
    assert answers_about([answer.item_id]) == []


def test_an_answer_about_no_picture_is_kept_and_questions_nothing(typed: UrgentReferral, note: Note) -> None:
    answer = note(typed)
    drain()
    assert (answer.item, answer.decision, Reassessment.objects.count()) == (None, None, 0)
    assert [(one.item, one.came) for one in answers_to_urgent([typed])] == [("", CameOfAnswer.KEPT)]


def test_an_answer_that_comes_before_any_decision_is_kept(flagged: UrgentReferral, note: Note) -> None:
    Decided.objects.all().delete()
    answer = note(flagged)
    assert (answer.item is None, answer.decision) == (False, None)


def test_it_is_recorded_and_the_words_are_sealed(typed: UrgentReferral, note: Note, senior: Person) -> None:
    answer = note(typed, words="Case 12 is another one.")
    line = Record.objects.get(action="urgent_answer_noted")
    assert (line.actor, line.subject, line.detail) == (senior.public_id, answer.public_id, {"verdict": "wrong"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM referral_policeanswer")
        assert b"Case 12" not in bytes(cursor.fetchone()[0])


def test_what_cannot_be_noted_is_told(typed: UrgentReferral, note: Note, analyst: Person, now: datetime) -> None:
    with pytest.raises(NotNow, match="1000"):
        note(typed, words="x" * 1001)
    with pytest.raises(NotAllowed):
        note_urgent_answer(urgent=typed.public_id, says=PoliceSays.WRONG, words="", actor=analyst, now=now)
    with pytest.raises(Missing):
        note(UrgentReferral(public_id="urg_x"))


def test_planted_an_answer_to_nothing_is_refused_by_the_database(senior: Person, now: datetime) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PoliceAnswer.objects.create(says="wrong", noted_at=now, noted_by=senior.public_id)
    assert Decision.objects.count() == 0
