"""Somebody at the desk asks a reporter a question, without knowing who that is."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core.crypto import DoesNotOpen
from openhotline.core.errors import Missing, NotAllowed, NotNow
from openhotline.intake import policies
from openhotline.intake.models import Address, Question, Report
from openhotline.intake.models.question import is_shown, shown_from
from openhotline.intake.models.receipt import words_from
from openhotline.intake.queries import questions_of, questions_shown
from openhotline.intake.services.ask_reporter import ask_reporter
from openhotline.intake.services.forget_receipts import forget_receipts
from openhotline.intake.services.screen_reports import screen_reports
from openhotline.intake.services.set_standing import set_standing
from openhotline.intake.services.start_report import words_of
from openhotline.intake.states import Standing

pytestmark = pytest.mark.django_db

Receive = Callable[..., Report]
LATER = timedelta(minutes=20)


@pytest.fixture
def wordless(receive: Receive, now: datetime) -> Report:
    """A report without a usable address: a person reads it."""
    report = receive("the page with the blue bird")
    screen_reports(ids=[report.pk], now=now)
    report.refresh_from_db()
    return report


def ask(report: Report, analyst: Person, now: datetime, text: str = "Which game was it?") -> Question:
    return ask_reporter(report=report.public_id, text=text, actor=analyst, now=now)


def shown(report: Report, now: datetime) -> list[str]:
    return [one.text for one in questions_shown(report, words=words_of(report), now=now)]


def test_the_question_stands_on_the_page_of_the_receipt(wordless: Report, analyst: Person, now: datetime) -> None:
    ask(wordless, analyst, now)
    assert shown(wordless, now + LATER) == ["Which game was it?"]
    assert [one.answers for one in questions_of(wordless, words=words_of(wordless))] == [()]


def test_only_who_has_the_words_can_open_it(wordless: Report, analyst: Person, now: datetime) -> None:
    question = ask(wordless, analyst, now)
    assert b"game" not in bytes(question.sealed)
    with pytest.raises(DoesNotOpen):
        question.text(words_from(7))


def test_one_question_does_not_open_in_another_s_place(wordless: Report, analyst: Person, now: datetime) -> None:
    one, other = ask(wordless, analyst, now), ask(wordless, analyst, now, "When?")
    one.sealed = other.sealed
    with pytest.raises(DoesNotOpen):
        one.text(words_of(wordless))


def test_it_is_recorded_without_the_text(wordless: Report, analyst: Person, now: datetime) -> None:
    ask(wordless, analyst, now)
    row = Record.objects.get(action="reporter_asked")
    assert (row.actor, row.subject, row.detail) == (analyst.public_id, wordless.public_id, {})


def test_an_operator_does_not_ask(wordless: Report, auditor: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed, match="does not ask reporters"):
        ask(wordless, auditor, now)


def test_a_report_that_is_not_there_cannot_be_asked(analyst: Person, now: datetime) -> None:
    with pytest.raises(Missing):
        ask_reporter(report="rep_none", text="When?", actor=analyst, now=now)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("  ", "has 0 characters"), ("a" * 501, "has 501 characters"), ("see http://x", "Leave addresses out")],
)
def test_a_text_that_may_not_stand_outside_is_refused(
    wordless: Report, analyst: Person, now: datetime, text: str, sentence: str
) -> None:
    with pytest.raises(NotNow, match=sentence):
        ask(wordless, analyst, now, text)


def test_no_more_than_three_wait_for_an_answer(wordless: Report, analyst: Person, now: datetime) -> None:
    for number in range(3):
        ask(wordless, analyst, now, f"{number}?")
    with pytest.raises(NotNow, match="3 questions wait"):
        ask(wordless, analyst, now)


# ---- A question tells nothing of what we know -----------------------------------------------------------------------


def can_ask(report: Report, analyst: Person, now: datetime) -> bool:
    screen_reports(ids=[report.pk], now=now)
    try:
        ask(report, analyst, now)
    except NotNow:
        return False
    return True


@pytest.fixture
def known(receive: Receive, now: datetime) -> str:
    """An address that was decided before."""
    screen_reports(ids=[receive("known.example").pk], now=now)
    set_standing(address_ids=[Address.objects.get().pk], standing=Standing.DECIDED, now=now)
    return "known.example"


@pytest.mark.parametrize("urgent", [True, False])
def test_whether_it_can_be_asked_does_not_depend_on_what_is_known(
    known: str, receive: Receive, analyst: Person, now: datetime, *, urgent: bool
) -> None:
    for address in (known, "new.example"):
        assert can_ask(receive(address, urgent=urgent), analyst, now) is urgent


def test_planted_a_rule_that_looks_at_the_standing_is_seen(
    known: str, receive: Receive, analyst: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def telling(report: Report) -> bool:
        return not report.addresses.filter(address__standing=Standing.DECIDED).exists()

    monkeypatch.setattr(policies, "can_be_asked", telling)
    assert can_ask(receive(known), analyst, now) != can_ask(receive("new.example"), analyst, now)


@pytest.mark.parametrize(("minute", "from_minute"), [(0, 0), (1, 15), (15, 15), (46, 60)])
def test_it_is_shown_from_the_next_quarter_of_an_hour(now: datetime, minute: int, from_minute: int) -> None:
    at = now.replace(minute=0) + timedelta(minutes=minute)
    assert shown_from(at) == now.replace(minute=0) + timedelta(minutes=from_minute)


def test_it_is_shown_for_thirty_days(now: datetime) -> None:
    assert is_shown(now, now + timedelta(days=29, hours=23))
    assert not is_shown(now, now + timedelta(days=30))


def test_it_ends_with_the_receipt(wordless: Report, analyst: Person, now: datetime) -> None:
    ask(wordless, analyst, now)
    forget_receipts(before=now + timedelta(days=1), actor="step:tick", now=now)
    assert shown(wordless, now + LATER) == []
    assert [one.text for one in questions_of(wordless, words=words_of(wordless))] == ["(no longer kept)"]
    wordless.refresh_from_db()
    with pytest.raises(NotNow, match="receipt of this report has ended"):
        ask(wordless, analyst, now)


def test_no_column_holds_the_question(wordless: Report, analyst: Person, now: datetime) -> None:
    ask(wordless, analyst, now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM intake_question")
        assert "Which game" not in str(cursor.fetchall())
