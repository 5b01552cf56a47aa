"""A stranger at the public pages: reporting, the receipt, and what the pages never do."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.http import HttpResponse  # noqa: TID251 - the answer a stranger gets
from django.test import Client

from openhotline.intake.forms import DetailsForm
from openhotline.intake.models import Report, ReportedAddress
from openhotline.intake.queries import report_page
from openhotline.intake.states import Lane, ReportState
from openhotline.intake.views import passes

pytestmark = [pytest.mark.django_db, pytest.mark.urls("openhotline.intake.urls")]

CROSS_SITE = {"sec-fetch-site": "cross-site"}


def hidden(response: HttpResponse) -> dict[str, str]:
    """Return the hidden fields of a page, as a browser would send them back."""
    found = re.findall(
        r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?', response.content.decode().partition("<main")[2]
    )
    return {name: unescape(value) for name, value in found}


def begin(stranger: Client, addresses: str) -> HttpResponse:
    """Fill in the first page and choose Continue; return the second page."""
    first = stranger.get("/report/")
    return stranger.post("/report/", hidden(first) | {"addresses": addresses}, follow=True)


def describe(stranger: Client, details_page: HttpResponse, **said: str) -> HttpResponse:
    """Fill in the second page and the third; return the page to check."""
    second = {name: text for name, text in said.items() if name in DetailsForm.base_fields}
    more = stranger.post("/report/details/", hidden(details_page) | second)
    if "id_danger_0" in more.content.decode():
        return more
    return stranger.post("/report/more/", hidden(more) | said)


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


def test_back_on_the_third_page_keeps_all_of_it_and_starts_no_second_report(stranger: Client) -> None:
    more = stranger.post("/report/details/", hidden(begin(stranger, "example.org/a")) | {"place": "website"})
    button = re.search(r'<button[^>]* name="(change)" value="(1)" formaction="([^"]+)"', more.content.decode())
    assert button
    typed = {"more": "third picture", "contact": "me", button[1]: button[2]}
    details = stranger.post(button[3], hidden(more) | typed)
    assert "id_danger_0" in details.content.decode()
    assert hidden(details)["more"] == "third picture"
    send(stranger, describe(stranger, details, place="website", more="third picture", contact="me"))
    facts = report_page(Report.objects.get().public_id)
    assert facts is not None
    assert (facts.details, facts.contact) == ({"more": "third picture", "place": "website"}, "me")


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


def test_a_report_without_an_address_is_told_who_can_act_and_can_still_be_told(stranger: Client) -> None:
    assert b'href="/report/no-address/"' in stranger.get("/report/").content
    page = stranger.get("/report/no-address/")
    text = page.content.decode()
    assert all(words in text for words in ("on a phone", "in a chat", "at work or at school", "Leave it as it is"))
    details = stranger.post("/report/no-address/", hidden(page), follow=True)
    assert b"saved, with no address" in details.content
    assert Report.objects.count() == 1
    assert not ReportedAddress.objects.exists()


def test_an_empty_first_page_says_what_to_do(stranger: Client) -> None:
    page = begin(stranger, "  ")
    assert "choose “It has no address”" in page.content.decode()
    assert not Report.objects.exists()


def test_more_lines_than_a_report_takes_are_told(stranger: Client) -> None:
    assert b"One report takes 100" in begin(stranger, "\n".join(["a.example"] * 101)).content


def test_the_same_page_sent_twice_is_one_report(stranger: Client) -> None:
    """Two clicks on Continue, or a browser that sends again."""
    form = hidden(stranger.get("/report/")) | {"addresses": "example.org"}
    pages = [stranger.post("/report/", form, follow=True) for _ in range(2)]
    receipts = [send(stranger, describe(stranger, page)) for page in pages]
    assert words_on(receipts[0]) == words_on(receipts[1])
    assert Report.objects.count() == 1


@pytest.mark.parametrize("said", [{"danger": "yes"}, {"what": "live"}])
def test_danger_now_says_whom_to_call_and_goes_first(stranger: Client, said: dict[str, str]) -> None:
    _, check, _ = report_all_the_way(stranger, "example.org", **said)
    assert b"tel:999" in check.content.partition(b"<main")[2].partition(b"</main>")[0]
    assert Report.objects.get().lane == Lane.URGENT


def test_the_questions_can_be_skipped(stranger: Client) -> None:
    """The shortest way: the address, skip the rest, send."""
    check = stranger.post("/report/details/", hidden(begin(stranger, "example.org")) | {"last": "1"})
    assert b"Check your report" in check.content
    assert b"receipt-code" in send(stranger, check).content


def test_how_to_reach_somebody_is_kept_apart_from_what_they_told(stranger: Client) -> None:
    report_all_the_way(stranger, "example.org", more="third picture", contact="01632 960001")
    facts = report_page(Report.objects.get().public_id)
    assert facts is not None
    assert facts.contact == "01632 960001"
    assert facts.details == {"more": "third picture"}
    assert b"960001" not in bytes(facts.report.contact)


def test_nobody_is_asked_how_to_reach_them_who_does_not_choose_it(stranger: Client) -> None:
    report_all_the_way(stranger, "example.org")
    assert Report.objects.get().contact is None


def test_details_are_kept_though_the_report_is_not_sent(stranger: Client) -> None:
    describe(stranger, begin(stranger, "example.org"), more="third picture")
    facts = report_page(Report.objects.get().public_id)
    assert facts is not None
    assert facts.details == {"more": "third picture"}


@pytest.mark.parametrize(
    ("page", "field"),
    [("/report/details/", b'value="website" selected'), ("/report/more/", b"thrid picture</textarea>")],
)
def test_answers_can_be_changed_before_sending(stranger: Client, page: str, field: bytes) -> None:
    check = describe(stranger, begin(stranger, "example.org"), more="thrid picture", place="website")
    assert f'formaction="{page}"'.encode() in check.content
    assert field in stranger.post(page, hidden(check) | {"change": "1"}).content


def test_an_answer_taken_out_again_is_not_sent(stranger: Client) -> None:
    """Somebody wrote their name and thought better of it."""
    check = describe(stranger, begin(stranger, "example.org"), more="my name", contact="me")
    changing = hidden(stranger.post("/report/more/", hidden(check) | {"change": "1"}))
    send(stranger, stranger.post("/report/more/", changing | {"more": "", "contact": ""}))
    report = Report.objects.get()
    assert (report.details, report.contact) == (None, None)


def test_an_answer_that_no_page_offers_is_told(stranger: Client) -> None:
    page = describe(stranger, begin(stranger, "example.org"), place="nowhere")
    assert b"Something needs another look" in page.content


def test_the_receipt_can_be_loaded_again(stranger: Client) -> None:
    *_, receipt = report_all_the_way(stranger, "example.org")
    where = receipt.redirect_chain[-1][0]
    assert words_on(stranger.get(where)) == words_on(receipt)
    assert b"Do you share this device?" in receipt.content


def test_no_url_carries_an_address(stranger: Client) -> None:
    pages = report_all_the_way(stranger, "particular.example")
    urls = [url for page in pages for url, _ in getattr(page, "redirect_chain", [])]
    assert len(urls) >= 2
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
        assert b"<h1" in page.content


def test_a_pass_for_writing_shows_no_receipt(stranger: Client) -> None:
    """Words are told once the report was sent."""
    carried = hidden(begin(stranger, "example.org"))["report"]
    assert stranger.get("/report/receipt/", {"receipt": carried}).status_code == 409


def test_a_page_cannot_be_opened_again_after_a_day(stranger: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    carried = hidden(begin(stranger, "example.org"))["report"]
    monkeypatch.setattr(passes, "VALID", dict.fromkeys(passes.VALID, timedelta(seconds=-1)))
    assert stranger.get("/report/details/", {"report": carried}).status_code == 409


def test_what_was_written_on_a_page_that_lay_open_for_days_is_taken(
    stranger: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    details = begin(stranger, "example.org")
    monkeypatch.setattr(passes, "VALID", dict.fromkeys(passes.VALID, timedelta(seconds=-1)))
    assert b"third picture" in describe(stranger, details, more="third picture").content


def test_what_was_written_on_a_page_that_is_far_too_old_is_given_back(
    stranger: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    details = begin(stranger, "example.org")
    monkeypatch.setattr(passes, "SENDING", timedelta(seconds=-1))
    page = stranger.post("/report/more/", hidden(details) | {"more": "third picture"})
    assert page.status_code == 409
    assert b"third picture</textarea>" in page.content


@pytest.mark.parametrize("page", ["/report/check/", "/report/more/"])
def test_opening_a_later_page_by_hand_leads_to_the_beginning(stranger: Client, page: str) -> None:
    assert stranger.get(page, follow=True).redirect_chain[-1][0] == "/report/"


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
    *way, receipt = report_all_the_way(stranger, "example.org", danger="yes")
    return [
        *(
            stranger.get(path)
            for path in ("/", "/parents/", "/safety/", "/report/", "/report/no-address/", "/receipt/")
        ),
        begin(stranger, ""),
        *way,
        receipt,
        stranger.post("/receipt/", {"words": "x"}),
        stranger.post("/receipt/", {"words": words_on(receipt)}),
    ]


def test_no_page_takes_a_file_or_has_a_script_in_it(stranger: Client) -> None:
    for page in all_pages(stranger):
        assert not re.search(rb'type="file"|multipart|javascript:|<script(?![^>]*src="/static/)', page.content)


def test_every_page_says_what_not_to_do_and_whom_to_call(stranger: Client) -> None:
    for page in all_pages(stranger):
        text = page.content.decode()
        assert "Do not go back, search, save, screenshot or share" in text
        assert "not an emergency service. Our staff read reports weekdays 9 to 17" in text
        assert "ask who you are" in text
        assert "anonymous" not in text.lower()
        assert 'href="tel:999"' in text


def test_no_page_sets_a_cookie(stranger: Client) -> None:
    all_pages(stranger)
    assert not stranger.cookies


def test_every_page_has_the_way_out(stranger: Client) -> None:
    assert all(b'href="/leave/"' in page.content for page in all_pages(stranger))


def test_no_page_is_kept_by_a_cache(stranger: Client) -> None:
    assert {page.headers["Cache-Control"] for page in all_pages(stranger)} == {"no-store"}


def test_pages_refuse_other_ways_of_asking(stranger: Client) -> None:
    answers: list[Any] = [stranger.put("/report/"), stranger.post("/leave/"), stranger.delete("/receipt/")]
    assert {answer.status_code for answer in answers} == {405}
