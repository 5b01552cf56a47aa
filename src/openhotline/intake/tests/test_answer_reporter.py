"""Somebody with receipt words asks what is held."""

from datetime import datetime, timedelta

import pytest

from openhotline.audit.models import Record
from openhotline.core.crypto import receipt_lookup, seal_at_the_door
from openhotline.core.errors import Missing, NotNow
from openhotline.intake.models import Report, ReportedAddress
from openhotline.intake.models.receipt import read_words, words_from
from openhotline.intake.services.answer_reporter import answer_reporter
from openhotline.intake.states import ReportState
from openhotline.retention.services.place_hold import place_hold
from openhotline.retention.states import HoldCause

pytestmark = pytest.mark.django_db

WORDS = words_from(7)


@pytest.fixture
def told(db: None, now: datetime) -> Report:
    """A report with something told and an address."""
    report = Report.objects.create(
        source="public", state=ReportState.SCREENED, started_at=now, received_at=now,
        receipt=receipt_lookup(read_words(WORDS)), details=seal_at_the_door('{"more": "told"}'),
    )  # fmt: skip
    ReportedAddress.objects.create(report=report, position=1, sealed=seal_at_the_door("http://127.0.0.1/a"))
    return report


def test_what_was_told_is_returned_and_recorded(told: Report, now: datetime) -> None:
    facts = answer_reporter(words=WORDS, forget=False, actor="per_a", now=now)
    assert (facts.details, [line.typed for line in facts.lines]) == ({"more": "told"}, ["http://127.0.0.1/a"])
    assert Record.objects.get(action="reporter_answered").subject == told.public_id


def test_it_is_forgotten_on_request(told: Report, now: datetime) -> None:
    answer_reporter(words=WORDS, forget=True, actor="per_a", now=now)
    told.refresh_from_db()
    assert (told.details, bytes(ReportedAddress.objects.get().sealed)) == (None, b"")
    assert answer_reporter(words=WORDS, forget=False, actor="per_a", now=now).details == {}


def test_what_is_held_is_not_forgotten(told: Report, now: datetime) -> None:
    until = now + timedelta(days=9)
    place_hold(subject=told.public_id, cause=HoldCause.COURT, reference="7", until=until, actor="per_a", now=now)
    with pytest.raises(NotNow, match="legal hold"):
        answer_reporter(words=WORDS, forget=True, actor="per_a", now=now)
    told.refresh_from_db()
    assert told.details is not None
    assert not Record.objects.filter(action="reporter_forgotten_on_request").exists()


def test_words_of_no_report_answer_nothing(told: Report, now: datetime) -> None:
    with pytest.raises(Missing, match="No report has these receipt words"):
        answer_reporter(words=words_from(8), forget=False, actor="per_a", now=now)
