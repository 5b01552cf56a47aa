"""The switch of languages shows a page again with all that stands in it, and does nothing else."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.http import HttpResponse  # noqa: TID251 - the answer a stranger gets
from django.test import Client
from limits import parse_many
from pytest_django import Settings

from journeys.young_walks import CODE, MINE, field, keep_page, walk
from openhotline.accounts.models import Person
from openhotline.core.clock import now as present
from openhotline.core.open_forms import Posted
from openhotline.intake.models import Answer, DeviceHash, Question, Report
from openhotline.intake.queries import report_page
from openhotline.intake.services.ask_reporter import ask_reporter
from openhotline.intake.states import ReportState
from openhotline.intake.views import passes

pytestmark = pytest.mark.django_db

AGAIN = {"shown_again": "yes"}
PICTURE = "data:image/png;base64,AAAA"
WRONG = "abacus abacus abacus abacus abacus abacus"
APPS = Path(__file__).parents[2]
Receive = Callable[..., Report]


def told(page: HttpResponse) -> str:
    """Return the main part of a page."""
    return page.content.decode().partition("<main")[2].partition("</main")[0]


@pytest.fixture
def asked(receive: Receive, analyst: Person) -> Question:
    """A report with a question, asked an hour ago."""
    report = receive("a.example", urgent=True)
    return ask_reporter(report=report.public_id, text="Which game?", actor=analyst, now=present() - timedelta(hours=1))


def writing(report: Report) -> dict[str, str]:
    return {"report": passes.give(report, purpose=passes.WRITING, saved=1)}


def holding(question: Question) -> dict[str, str]:
    return {"held": passes.give(question.report, purpose=passes.HELD), "question": question.public_id}


def test_an_address_that_was_typed_is_shown_and_not_yet_taken(stranger: Client) -> None:
    page = stranger.post("/cy/report/", AGAIN | {"addresses": "https://site.example/a"})
    assert "https://site.example/a" in told(page)
    assert not Report.objects.exists()


def test_nobody_is_told_that_something_is_missing_from_what_they_have_not_sent(stranger: Client) -> None:
    assert 'class="errors"' not in told(stranger.post("/report/", AGAIN))
    assert 'class="errors"' in told(stranger.post("/report/", {}))


def test_a_picture_is_taken_out_all_the_same_and_said(stranger: Client) -> None:
    page = told(stranger.post("/report/", AGAIN | {"addresses": PICTURE}))
    assert PICTURE not in page
    assert "There was a picture in the form" in page


@pytest.mark.parametrize(("path", "name"), [("details", "place"), ("more", "more"), ("check", "more")])
def test_answers_are_shown_on_their_page_and_not_kept(stranger: Client, start: Receive, path: str, name: str) -> None:
    report = start("a.example")
    page = stranger.post(f"/report/{path}/", AGAIN | writing(report) | {name: "website"})
    assert "website" in told(page).lower()
    report.refresh_from_db()
    assert report.state == ReportState.STARTED
    facts = report_page(report.public_id)
    assert facts is not None
    assert not facts.details


def test_a_page_that_was_refused_for_a_picture_is_not_sent_by_the_switch(stranger: Client, start: Receive) -> None:
    report = start("a.example")
    refused = stranger.post("/report/check/", writing(report) | {"more": f"see {PICTURE}"})
    assert "There was a picture in the form" in told(refused)
    stranger.post("/cy/report/more/", AGAIN | writing(report) | {"more": "see "})
    report.refresh_from_db()
    assert report.state == ReportState.STARTED


def test_a_switch_that_acts_would_send_the_report(
    stranger: Client, start: Receive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted bug: the views do not ask whether the page is only to be shown again."""
    monkeypatch.setattr(Posted, "__init__", _forgetful(Posted.__init__))
    report = start("a.example")
    stranger.post("/cy/report/check/", AGAIN | writing(report))
    report.refresh_from_db()
    assert report.state != ReportState.STARTED


def _forgetful(init: Callable[..., None]) -> Callable[..., None]:
    return lambda self, fields, picture, _again: init(self, fields, picture)


def test_what_was_written_into_a_form_that_is_too_old_goes_along(stranger: Client) -> None:
    page = stranger.post("/cy/report/more/", AGAIN | {"report": "old", "more": "the third picture"})
    assert page.status_code == 409
    assert "the third picture" in told(page)
    assert 'formaction="/report/more/"' in page.content.decode()


def test_an_answer_is_shown_and_not_sent(stranger: Client, asked: Question) -> None:
    page = stranger.post("/cy/receipt/answer/", AGAIN | holding(asked) | {"text": "The blue one"})
    assert "The blue one" in told(page)
    assert not Answer.objects.exists()


def test_after_an_answer_was_sent_it_stands_nowhere_in_the_page(stranger: Client, asked: Question) -> None:
    page = stranger.post("/receipt/answer/", holding(asked) | {"text": "The blue one"})
    assert Answer.objects.count() == 1
    assert "The blue one" not in page.content.decode()


def test_a_receipt_without_a_question_is_shown_again_too(stranger: Client, receive: Receive) -> None:
    held = passes.give(receive("a.example"), purpose=passes.HELD)
    page = stranger.post("/cy/receipt/answer/", AGAIN | {"held": held})
    assert page.status_code == 200
    assert 'class="receipt-code"' in told(page)
    assert 'class="errors"' not in told(page)


@pytest.mark.parametrize("path", ["/receipt/", "/young/undo/"])
def test_words_that_are_shown_again_are_not_tried(stranger: Client, settings: Settings, path: str) -> None:
    settings.FLOOD = settings.FLOOD | {"all_tries": tuple(parse_many("1/10 minutes"))}
    for _ in range(3):
        page = stranger.post(path, AGAIN | {"words": WRONG})
        assert WRONG in told(page)
    assert [stranger.post(path, {"words": WRONG}).status_code for _ in range(2)] == [200, 429]


def test_an_answer_that_waits_for_the_words_outlasts_too_many_tries(stranger: Client, settings: Settings) -> None:
    settings.FLOOD = settings.FLOOD | {"all_tries": tuple(parse_many("1/10 minutes"))}
    typed = {"words": WRONG, "kept": "The blue one"}
    page = [stranger.post("/receipt/", typed) for _ in range(2)][-1]
    assert page.status_code == 429
    assert "Too many receipts" in told(page)
    assert 'name="kept" value="The blue one"' in told(page)


def test_a_question_to_a_young_person_is_shown_with_what_they_chose(stranger: Client) -> None:
    answers = field(walk(stranger, {"who": "me"})[-1], "answers")
    page = told(stranger.post("/cy/young/", AGAIN | {"answers": answers, "age": "13_to_15"}))
    assert 'value="13_to_15"' in page
    assert page.count("checked") == 1


def test_where_the_questions_lead_is_shown_again(stranger: Client) -> None:
    end = walk(stranger, MINE)[-1]
    page = stranger.post("/young/", AGAIN | {"answers": field(end, "answers")})
    assert "Two ways to get help" in told(page)


def test_codes_are_shown_and_not_yet_sent(stranger: Client) -> None:
    keep = keep_page(stranger)
    sent = {name: field(keep, name) for name in ("own", "sending")} | {"hashes": f"{CODE} 90"}
    page = stranger.post("/cy/young/keep/send/", AGAIN | sent)
    assert CODE in told(page)
    assert not DeviceHash.objects.exists()


def test_a_page_that_refuses_offers_nothing_that_was_sent_to_be_sent_again(stranger: Client) -> None:
    typed = {"addresses": "https://site.example/a"}
    page = stranger.post("/cy/report/", typed, headers={"Sec-Fetch-Site": "cross-site"})
    assert page.status_code == 403
    assert "site.example" not in page.content.decode()
    assert 'href="/" hreflang="en-gb"' in page.content.decode()


def test_a_form_without_files_that_is_too_large_is_answered_with_a_sentence(stranger: Client) -> None:
    page = stranger.post("/report/", "more=" + "a" * 4_100_000, content_type="application/x-www-form-urlencoded")
    assert page.status_code == 413
    assert "more than we can take at once" in told(page)


@pytest.mark.parametrize("app", ["intake", "guidance"])
def test_every_page_with_a_form_says_which_form_the_switch_takes_along(app: str) -> None:
    pages = {one: one.read_text() for one in (APPS / app / "templates" / app).glob("*.html")}
    forms = {one.name for one, text in pages.items() if 'id="typed"' in text and not one.name.startswith("_")}
    switched = {one.name for one, text in pages.items() if "{% block languages %}" in text}
    by_parts = {"young_choice.html", "young_adult.html", "young_someone.html", "nation.html", "flows.html"}
    assert forms <= switched
    assert switched - forms <= by_parts | {"question.html"}
    posting = {one.name for one, text in pages.items() if 'method="post"' in text and not one.name.startswith("_")}
    assert posting <= switched
