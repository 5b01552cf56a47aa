"""A stranger at the public pages: reporting, the receipt, and what the pages never do."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.http import HttpResponse  # noqa: TID251 - the answer a stranger gets
from django.test import Client

from openhotline.intake.models import Report, ReportedAddress
from openhotline.intake.queries import report_page
from openhotline.intake.states import Lane, ReportState
from openhotline.intake.views import passes

pytestmark = [pytest.mark.django_db, pytest.mark.urls("openhotline.intake.urls")]

NOTHING_SAID = {"danger": "", "place": "", "found": "", "more": ""}


def hidden(response: HttpResponse) -> dict[str, str]:
    """Return the hidden fields of a page, as a browser would send them back."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', response.content.decode())
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def begin(stranger: Client, addresses: str) -> HttpResponse:
    """Fill in the first page and choose Continue; return the second page."""
    first = stranger.get("/report/")
    return stranger.post("/report/", hidden(first) | {"addresses": addresses}, follow=True)


def describe(stranger: Client, details_page: HttpResponse, **said: str) -> HttpResponse:
    """Fill in the second page; return the page to check."""
    return stranger.post("/report/details/", hidden(details_page) | NOTHING_SAID | said)


def send(stranger: Client, check_page: HttpResponse) -> HttpResponse:
    """Send what the page shows; return the page of the receipt."""
    return stranger.post("/report/check/", hidden(check_page), follow=True)


def report_all_the_way(stranger: Client, addresses: str, **said: str) -> list[HttpResponse]:
    """Report, and return the pages seen on the way."""
    details = begin(stranger, addresses)
    check = describe(stranger, details, **said)
    return [details, check, send(stranger, check)]


def words_on(page: HttpResponse) -> str:
    """Return the words of the receipt that a page shows."""
    found = re.search(r'class="receipt-code">([^<]+)<', page.content.decode())
    assert found
    return found[1]


def test_from_the_first_page_to_the_receipt_and_back(stranger: Client) -> None:
    """The whole way of somebody who found something."""
    assert b"/report/" in stranger.get("/").content
    *_, receipt = report_all_the_way(stranger, "example.org/a", more="third picture", place="website")
    looked = stranger.post("/receipt/", {"words": words_on(receipt)})
    assert b'aria-current="step">Received' in looked.content
    facts = report_page(Report.objects.get().public_id)
    assert facts is not None
    assert facts.report.state == ReportState.RECEIVED
    assert facts.details == {"more": "third picture", "place": "website"}


def test_the_address_is_saved_before_anything_else_is_asked(stranger: Client) -> None:
    begin(stranger, "example.org/a")
    assert ReportedAddress.objects.filter(report__state=ReportState.STARTED).count() == 1


def test_several_addresses_are_one_report(stranger: Client) -> None:
    details = begin(stranger, "example.org/a\r\n\r\n example.org/b \r\nexample.org/c")
    assert b"Your 3 addresses are saved" in details.content
    assert Report.objects.count() == 1
    assert ReportedAddress.objects.count() == 3


def test_what_is_no_address_is_saved_and_told(stranger: Client) -> None:
    details = begin(stranger, "the page with the blue bird")
    assert b"does not look like an address" in details.content
    assert ReportedAddress.objects.count() == 1


def test_a_report_without_an_address(stranger: Client) -> None:
    first = hidden(stranger.get("/report/"))
    details = stranger.post("/report/", first | {"no_address": "1"}, follow=True)
    assert b"saved without an address" in details.content


def test_an_empty_first_page_says_what_to_do(stranger: Client) -> None:
    page = begin(stranger, "  ")
    assert "choose “I have no address”" in page.content.decode()
    assert not Report.objects.exists()


def test_more_lines_than_a_report_takes_are_told(stranger: Client) -> None:
    assert b"one report takes 100" in begin(stranger, "\n".join(["a.example"] * 101)).content


def test_the_same_page_sent_twice_is_one_report(stranger: Client) -> None:
    """Two clicks on Continue, or a browser that sends again."""
    form = hidden(stranger.get("/report/")) | {"addresses": "example.org"}
    pages = [stranger.post("/report/", form, follow=True) for _ in range(2)]
    receipts = [send(stranger, describe(stranger, page)) for page in pages]
    assert words_on(receipts[0]) == words_on(receipts[1])
    assert Report.objects.count() == 1


def test_danger_now_says_whom_to_call_and_goes_first(stranger: Client) -> None:
    _, check, _ = report_all_the_way(stranger, "example.org", danger="yes")
    assert b"call 999 first" in check.content
    assert Report.objects.get().lane == Lane.URGENT


def test_details_are_kept_though_the_report_is_not_sent(stranger: Client) -> None:
    describe(stranger, begin(stranger, "example.org"), more="third picture")
    facts = report_page(Report.objects.get().public_id)
    assert facts is not None
    assert facts.details == {"more": "third picture"}


def test_answers_can_be_changed_before_sending(stranger: Client) -> None:
    check = describe(stranger, begin(stranger, "example.org"), more="thrid picture")
    changing = stranger.post("/report/details/", hidden(check) | {"change": "1"})
    assert b"thrid picture</textarea>" in changing.content


def test_an_answer_that_no_page_offers_is_told(stranger: Client) -> None:
    page = describe(stranger, begin(stranger, "example.org"), place="nowhere")
    assert b"Something needs another look" in page.content


def test_the_receipt_can_be_loaded_again(stranger: Client) -> None:
    *_, receipt = report_all_the_way(stranger, "example.org")
    where = receipt.redirect_chain[-1][0]
    assert words_on(stranger.get(where)) == words_on(receipt)
    assert b"share this device" in receipt.content


def test_no_url_carries_an_address(stranger: Client) -> None:
    pages = report_all_the_way(stranger, "particular.example")
    urls = [url for page in pages for url, _ in getattr(page, "redirect_chain", [])]
    assert len(urls) == 2
    assert not any("particular" in url for url in urls)


def test_no_later_page_shows_the_address(stranger: Client) -> None:
    """It is sealed: even the server of these pages cannot read it again."""
    pages = report_all_the_way(stranger, "particular.example")
    assert not any(b"particular" in page.content for page in pages)


@pytest.mark.parametrize("wrong", ["", "x", "WyJyZXAiXQ:1abcde:xyz"])
def test_a_pass_that_is_not_ours_is_told(stranger: Client, wrong: str) -> None:
    for page in (
        stranger.get("/report/details/", {"report": wrong}),
        stranger.post("/report/check/", {"report": wrong}),
        stranger.get("/report/receipt/", {"receipt": wrong}),
    ):
        assert page.status_code == 409
        assert b"for a day" in page.content or b"after a day" in page.content


def test_a_pass_for_writing_shows_no_receipt(stranger: Client) -> None:
    """Words are told once the report was sent."""
    carried = hidden(begin(stranger, "example.org"))["report"]
    assert stranger.get("/report/receipt/", {"receipt": carried}).status_code == 409


def test_a_pass_is_over_after_a_day(stranger: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    carried = hidden(begin(stranger, "example.org"))["report"]
    monkeypatch.setattr(passes, "VALID", timedelta(seconds=-1))
    assert stranger.get("/report/details/", {"report": carried}).status_code == 409


def test_opening_the_check_page_by_hand_leads_to_the_beginning(stranger: Client) -> None:
    assert stranger.get("/report/check/", follow=True).redirect_chain[-1][0] == "/report/"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "Write the six words"),
        ("abacus", "A receipt has 6 words"),
        (" ".join(["abacus"] * 6), "We do not have a report with these words: check each word."),
        ("abbey abbey abbey abbey abbey zoo", "One of these words is not right"),
    ],
)
def test_words_that_find_nothing_are_told(stranger: Client, words: str, sentence: str) -> None:
    assert sentence in stranger.post("/receipt/", {"words": words}).content.decode()


def all_pages(stranger: Client) -> list[HttpResponse]:
    """Return every page of the public door, with its errors."""
    return [
        *(stranger.get(path) for path in ("/", "/report/", "/receipt/")),
        begin(stranger, ""),
        *report_all_the_way(stranger, "example.org", danger="yes"),
        stranger.post("/receipt/", {"words": "x"}),
    ]


def test_no_page_has_a_script_or_takes_a_file(stranger: Client) -> None:
    for page in all_pages(stranger):
        assert not re.search(rb'<script|type="file"|multipart|javascript:', page.content, re.IGNORECASE)


def test_every_page_says_what_not_to_do_and_whom_to_call(stranger: Client) -> None:
    for page in all_pages(stranger):
        text = page.content.decode()
        assert "Do not go back, search, save, screenshot or share" in text
        assert "not an emergency service" in text
        assert "ask who you are" in text
        assert 'href="tel:999"' in text


def test_no_cookie_but_the_one_against_forged_forms(stranger: Client) -> None:
    all_pages(stranger)
    assert set(stranger.cookies) == {"csrftoken"}


@pytest.mark.parametrize("path", ["/report/", "/report/details/", "/report/check/", "/receipt/"])
def test_a_forged_form_is_refused(path: str) -> None:
    assert Client(enforce_csrf_checks=True).post(path, {"addresses": "a.example"}).status_code == 403


def test_no_page_is_kept_by_a_cache(stranger: Client) -> None:
    assert {page.headers["Cache-Control"] for page in all_pages(stranger)} == {"no-store"}


def test_pages_refuse_other_ways_of_asking(stranger: Client) -> None:
    answers: list[Any] = [stranger.put("/report/"), stranger.post("/"), stranger.delete("/receipt/")]
    assert {answer.status_code for answer in answers} == {405}
