"""A reporter answers a question, known by nothing but the words of the receipt."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape

import pytest
from django.http import HttpResponse  # noqa: TID251 - the answer a stranger gets
from django.test import Client

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core.clock import now as present
from openhotline.core.errors import Missing, NotNow
from openhotline.intake.models import Answer, Question, Report
from openhotline.intake.panels import questions_panel
from openhotline.intake.queries import questions_of
from openhotline.intake.services.answer_question import answer_question
from openhotline.intake.services.answer_reporter import answer_reporter
from openhotline.intake.services.ask_reporter import ask_reporter
from openhotline.intake.services.forget_reporters import forget_reporters
from openhotline.intake.services.start_report import words_of
from openhotline.intake.states import ReportState
from openhotline.intake.views import passes

pytestmark = [pytest.mark.django_db, pytest.mark.urls("openhotline.intake.urls")]


@pytest.fixture
def asked(receive: Callable[..., Report], analyst: Person) -> Question:
    """An urgent report with a question, asked an hour ago."""
    report = receive("a.example", urgent=True)
    return ask_reporter(report=report.public_id, text="Which game?", actor=analyst, now=present() - timedelta(hours=1))


def answer(question: Question, now: datetime, text: str = "The blue one", sending: str = "once") -> Answer:
    return answer_question(report=question.report, question=question.public_id, text=text, sending=sending, now=now)


def answers(question: Question) -> list[tuple[str, ...]]:
    return [one.answers for one in questions_of(question.report, words=words_of(question.report))]


def look(stranger: Client, question: Question, **more: str) -> HttpResponse:
    return stranger.post("/receipt/", {"words": words_of(question.report), **more})


def hidden(page: HttpResponse) -> dict[str, str]:
    found = re.findall(
        r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode().partition("<main")[2]
    )
    return {name: unescape(value) for name, value in found}


def test_the_desk_reads_the_answer_and_the_public_door_cannot(asked: Question, now: datetime) -> None:
    row = answer(asked, now)
    assert b"blue" not in bytes(row.sealed)
    assert answers(asked) == [("The blue one",)]
    assert "The blue one" in questions_panel(asked.report)


def test_it_is_recorded_without_the_text(asked: Question, now: datetime) -> None:
    answer(asked, now)
    row = Record.objects.get(action="question_answered")
    assert (row.actor, row.subject, row.detail) == ("public", asked.report.public_id, {})


def test_the_same_sent_twice_is_one_answer_and_another_is_added(asked: Question, now: datetime) -> None:
    answer(asked, now), answer(asked, now), answer(asked, now, "The red one", "twice")
    assert answers(asked) == [("The blue one", "The red one")]


def test_a_question_takes_five_answers(asked: Question, now: datetime) -> None:
    for number in range(5):
        answer(asked, now, sending=str(number))
    with pytest.raises(NotNow, match="answered this question 5 times"):
        answer(asked, now, sending="more")


def test_nobody_answers_the_question_of_another_report(
    asked: Question, receive: Callable[..., Report], now: datetime
) -> None:
    with pytest.raises(Missing):
        answer_question(report=receive("b.example"), question=asked.public_id, text="no", sending="x", now=now)


def test_answers_end_with_what_reporters_told(asked: Question, now: datetime) -> None:
    answer(asked, now)
    Report.objects.update(state=ReportState.SCREENED, details=None, read_at=now)
    asked.report.addresses.all().delete()
    assert forget_reporters(before=now + timedelta(days=1), keep=list, actor="step:tick", now=now) == 1
    assert answers(asked) == [("(no longer kept as it was typed)",)]
    assert forget_reporters(before=now + timedelta(days=1), keep=list, actor="step:tick", now=now) == 0


def test_who_wants_to_be_forgotten_is_with_the_answers(asked: Question, now: datetime) -> None:
    answer(asked, now)
    answer_reporter(words=words_of(asked.report), forget=True, actor="per_a", now=now)
    assert answers(asked) == [("(no longer kept as it was typed)",)]


# ---- On the page ----------------------------------------------------------------------------------------------------


def test_from_the_words_to_the_answer(stranger: Client, asked: Question) -> None:
    page = look(stranger, asked)
    assert "Which game?" in page.content.decode()
    sent = stranger.post("/receipt/answer/", hidden(page) | {"text": "The blue one"})
    text = sent.content.decode()
    assert "Your answer was sent" in text
    assert "The blue one" not in text
    assert "You have answered this." in text
    assert answers(asked) == [("The blue one",)]


def test_two_clicks_are_one_answer(stranger: Client, asked: Question) -> None:
    form = hidden(look(stranger, asked)) | {"text": "The blue one"}
    for _ in range(2):
        assert b"Your answer was sent" in stranger.post("/receipt/answer/", form).content
    assert Answer.objects.count() == 1


@pytest.mark.parametrize(("text", "sentence"), [("", "Write your answer"), ("a" * 6_000, "There is room for 5000")])
def test_an_answer_that_cannot_be_taken_comes_back(stranger: Client, asked: Question, text: str, sentence: str) -> None:
    page = stranger.post("/receipt/answer/", hidden(look(stranger, asked)) | {"text": text}).content.decode()
    assert sentence in page
    assert text in page
    assert "receipt-code" in page


def test_an_answer_on_a_page_that_was_open_too_long_is_kept(
    stranger: Client, asked: Question, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = hidden(look(stranger, asked))
    with monkeypatch.context() as later:
        later.setattr(passes, "VALID", dict.fromkeys(passes.VALID, timedelta(seconds=-1)))
        page = stranger.post("/receipt/answer/", form | {"text": "The blue one"})
    assert b"open for more than an hour" in page.content
    assert b"The blue one</textarea>" in look(stranger, asked, kept=hidden(page)["kept"]).content


def test_a_pass_from_the_address_bar_does_not_answer(stranger: Client, asked: Question) -> None:
    """The page after sending has its pass in the address, where the history keeps it: it is good for looking only."""
    sent = passes.give(asked.report, purpose=passes.SENT)
    form = {"held": sent, "question": asked.public_id, "text": "no"}
    assert b"write your six words again" in stranger.post("/receipt/answer/", form | {"text": "no"}).content
    assert not Answer.objects.exists()


def test_a_receipt_without_a_question_says_so(stranger: Client, receive: Callable[..., Report]) -> None:
    page = stranger.post("/receipt/", {"words": words_of(receive("a.example"))})
    assert b"We have no question for you now" in page.content
