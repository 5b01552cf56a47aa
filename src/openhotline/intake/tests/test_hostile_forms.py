"""Whatever is sent to a form of the public door: a clear sentence, and nothing is lost."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse  # noqa: TID251 - the answer a stranger gets
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from journeys import young_walks
from openhotline.core import open_forms
from openhotline.core.showing import visible
from openhotline.intake.models import Report
from openhotline.intake.panels import report_panel
from openhotline.intake.queries import report_page
from openhotline.intake.services.screen_reports import screen_reports
from openhotline.intake.services.start_report import start_report
from openhotline.intake.services.withdraw_contact import withdraw_contact
from openhotline.intake.states import ReportState, Source
from openhotline.intake.views import passes

pytestmark = [pytest.mark.django_db, pytest.mark.urls("openhotline.intake.urls")]

TURNED = "\u202egnp.exe\u202c"
HOSTILE = {
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "turned round": f"see {TURNED}",
    "nul": "before\0after",
    "formula": '=HYPERLINK("http://x.example","x")',
    "template": "{{ 7|add:7 }}{% load x %}",
    "statement": "'; DROP TABLE intake_report; --",
    "letters of all kinds": "Ψ 你好 مرحبا 🦉\u200d",
    "a megabyte": "a" * 1_000_000,
    "lone surrogate": "\ufffd%ED%A0%80",
}
# Every form of the public door, and the fields of it that take text or a choice.
FIELDS = {
    "/report/": ("addresses", "sending"),
    "/report/no-address/": ("addresses", "sending"),
    "/report/details/": ("danger", "what", "place", "found", "more", "contact", "report", "change"),
    "/report/more/": ("danger", "what", "place", "found", "more", "contact", "report", "change"),
    "/report/check/": ("danger", "what", "place", "found", "more", "contact", "report", "change"),
    "/receipt/": ("words", "kept"),
    "/receipt/answer/": ("text", "question", "sending", "held"),
    "/receipt/withdraw/": ("held",),
    "/young/": ("who", "answers", "back"),
    "/young/keep/": ("answers",),
    "/young/keep/send/": ("hashes", "own", "sending"),
    "/young/undo/": ("words",),
}
CASES = [(path, field) for path, fields in FIELDS.items() for field in fields]
PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)


@pytest.fixture
def filled(stranger: Client, now: datetime) -> dict[str, dict[str, str]]:
    """Every form as somebody would send it, with passes that are good."""
    report, words = start_report(
        addresses=["a.example"], source=Source.PUBLIC, idempotency=None, practice=True, now=now
    )
    writing, held = (passes.give(report, purpose=one, saved=1) for one in (passes.WRITING, passes.HELD))
    on_the_way = {"report": writing}
    keep = young_walks.keep_page(stranger)
    return {
        "/report/": {"addresses": "b.example", "sending": "once"},
        "/report/no-address/": {"sending": "once"},
        "/report/details/": on_the_way,
        "/report/more/": on_the_way,
        "/report/check/": on_the_way,
        "/receipt/": {"words": words},
        "/receipt/answer/": {"held": held, "question": "qst_none", "text": "yes"},
        "/receipt/withdraw/": {"held": held},
        "/young/": {"answers": young_walks.field(stranger.get("/young/"), "answers"), "who": "me"},
        "/young/keep/": {"answers": young_walks.field(keep, "answers")},
        "/young/keep/send/": {name: young_walks.field(keep, name) for name in ("own", "sending")}
        | {"hashes": f"{young_walks.CODE} 90"},
        "/young/undo/": {"words": words},
    }


def told(page: HttpResponse) -> str:
    """Return what stands in the main part of a page, which has to be a page of ours with a heading."""
    text = page.content.decode()
    assert "<h1" in text, page.status_code
    return text.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize(("path", "field"), CASES)
def test_hostile_text_in_any_field_is_answered_with_a_page(
    stranger: Client, filled: dict[str, dict[str, str]], path: str, field: str, kind: str
) -> None:
    page = stranger.post(path, filled[path] | {field: HOSTILE[kind]}, follow=True)
    assert page.status_code in {200, 403, 404, 409}, page.status_code
    text = told(page)
    assert "<script>alert" not in text
    assert "onerror=alert(1)>" not in text
    assert "\0" not in text


@pytest.mark.parametrize("kind", [kind for kind in HOSTILE if kind not in {"a megabyte", "nul"}])
def test_what_was_told_is_kept_as_it_was_written(
    stranger: Client, filled: dict[str, dict[str, str]], kind: str
) -> None:
    stranger.post("/report/check/", filled["/report/check/"] | {"more": HOSTILE[kind], "contact": "me"}, follow=True)
    facts = report_page(Report.objects.get().public_id)
    assert facts is not None
    assert facts.details == {"more": HOSTILE[kind]}


def test_only_the_nul_is_left_out(stranger: Client, filled: dict[str, dict[str, str]]) -> None:
    stranger.post("/report/check/", filled["/report/check/"] | {"more": HOSTILE["nul"]}, follow=True)
    facts = report_page(Report.objects.get().public_id)
    assert facts is not None
    assert facts.details == {"more": "beforeafter"}


def test_letters_that_turn_others_round_are_written_out_where_people_read_them(
    stranger: Client, filled: dict[str, dict[str, str]], now: datetime
) -> None:
    check = stranger.post("/report/more/", filled["/report/more/"] | {"more": HOSTILE["turned round"]})
    assert "see [U+202E]gnp.exe[U+202C]" in told(check)
    stranger.post("/report/check/", filled["/report/check/"] | {"more": TURNED, "contact": TURNED}, follow=True)
    assert "\u202e" not in report_panel(Report.objects.get())
    assert visible("a\r\nb\tc مرحبا 🦉\u200d") == "a\nb\tc مرحبا 🦉\u200d"


@pytest.mark.parametrize(
    ("path", "field"),
    [("/report/", "addresses"), ("/report/more/", "more"), ("/report/more/", "contact"), ("/receipt/answer/", "text")],
)
def test_too_much_text_comes_back_with_the_reason(
    stranger: Client, filled: dict[str, dict[str, str]], path: str, field: str, now: datetime
) -> None:
    long = "abc " * 250_000
    page = stranger.post(path, filled[path] | {field: long})
    assert "characters. There is room for" in told(page) or field == "text"
    assert long.strip() in page.content.decode() or field == "text"


@pytest.mark.parametrize("path", FIELDS)
def test_more_than_is_read_at_all_is_answered_with_a_sentence(stranger: Client, path: str) -> None:
    page = stranger.post(path, {"more": "a" * 4_100_000})
    assert page.status_code == 413
    assert "more than we can take at once" in told(page)
    assert "You may have to write it again" in told(page)


@pytest.mark.parametrize("path", FIELDS)
def test_a_body_that_is_no_form_is_answered_with_a_sentence(stranger: Client, path: str) -> None:
    page = stranger.post(path, b"--nonsense", content_type="multipart/form-data; boundary=")
    assert page.status_code == 400
    assert "could not read what your browser sent" in told(page)


@pytest.mark.parametrize("path", FIELDS)
def test_more_fields_than_a_form_has_are_answered_with_a_sentence(stranger: Client, path: str) -> None:
    page = stranger.post(path, "&".join(f"f{n}=1" for n in range(1_100)), "application/x-www-form-urlencoded")
    assert page.status_code == 400
    assert "could not read" in told(page)


ADDRESSES = {
    "http://": (0, 1),
    "http://[::1": (0, 1),
    "javascript:alert(1)": (0, 1),
    "the page with the blue bird": (0, 1),
    "somebody@host.example": (1, 0),
    "https://bücher.example/straße": (0, 0),
    "пример.example": (0, 0),
    "例え.テスト/ページ": (0, 0),
    "مثال.إختبار": (0, 0),
    "hxxps://name[.]example/a": (0, 0),
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_broken_and_foreign_addresses_are_saved_and_told(stranger: Client, address: str, now: datetime) -> None:
    page = stranger.post("/report/", {"addresses": address}, follow=True)
    mail, odd = ADDRESSES[address]
    assert ("One line is an e-mail address" in told(page)) == bool(mail)
    assert ("One line does not look like an address" in told(page)) == bool(odd)
    facts = report_page(Report.objects.get().public_id)
    assert facts is not None
    assert [line.typed for line in facts.lines] == [address]


def test_an_e_mail_pasted_as_an_address_is_not_fetched_and_goes_to_a_person(stranger: Client, now: datetime) -> None:
    stranger.post("/report/", {"addresses": "somebody@host.example"}, follow=True)
    report = Report.objects.get()
    Report.objects.update(state=ReportState.RECEIVED)
    screen_reports(ids=[report.pk], now=now)
    facts = report_page(report.public_id)
    assert facts is not None
    assert facts.report.state == ReportState.FOR_A_PERSON
    assert "e-mail" in facts.lines[0].refusal


# ---- Pictures -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [PIXEL, "blob:https://site.example/9115d58c-bcda", "DATA:Image/PNG;BASE64,AAAA"])
def test_a_picture_pasted_as_an_address_is_refused_and_the_rest_stays(stranger: Client, address: str) -> None:
    page = stranger.post("/report/", {"addresses": f"a.example\n{address}\nb.example", "sending": "x"})
    text = told(page)
    assert "we never take pictures" in text
    assert re.search(r"a\.example\s+b\.example</textarea>", text)
    assert address not in page.content.decode()
    assert not Report.objects.exists()


@pytest.mark.parametrize(("path", "field"), [("/report/more/", "more"), ("/report/check/", "more")])
def test_a_picture_pasted_into_what_helps_is_taken_out(
    stranger: Client, filled: dict[str, dict[str, str]], path: str, field: str
) -> None:
    page = stranger.post(path, filled[path] | {field: f"see {PIXEL} there"})
    assert "we never take pictures" in told(page)
    assert "see  there</textarea>" in told(page)
    assert Report.objects.get().details is None


def test_a_picture_pasted_as_bare_base64_is_taken_out(stranger: Client, filled: dict[str, dict[str, str]]) -> None:
    bare = "/9j/4AAQSkZJRgABAQ" + "Ab3_" * 60
    page = stranger.post("/report/more/", filled["/report/more/"] | {"more": f"see {bare}, there"})
    assert "we never take pictures" in told(page)
    assert "see , there</textarea>" in told(page)
    assert "Ab3_" not in page.content.decode()


@pytest.mark.parametrize("path", FIELDS)
def test_a_file_is_never_read_and_all_else_is(
    stranger: Client, filled: dict[str, dict[str, str]], path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[bytes] = []
    monkeypatch.setattr(open_forms.NoFiles, "receive_data_chunk", lambda _self, data, _start: read.append(data))
    page = stranger.post(path, filled[path] | {"file": SimpleUploadedFile("a.png", b"\x89PNG" * 100_000, "image/png")})
    assert read == []
    if path.startswith("/report/") or path == "/receipt/answer/":
        assert "we never take pictures" in told(page)
    if path == "/report/":
        assert "b.example</textarea>" in told(page)


def test_planted_with_the_usual_handlers_a_file_would_be_read(stranger: Client, settings: Any) -> None:
    settings.FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
    page = stranger.post("/report/", {"addresses": "b.example", "file": SimpleUploadedFile("a.png", b"\x89PNG")})
    assert page.status_code == 302


def test_words_about_data_are_no_picture(stranger: Client, filled: dict[str, dict[str, str]]) -> None:
    page = stranger.post("/report/more/", filled["/report/more/"] | {"more": "the data: 5,7 and metadata:x"})
    assert "the data: 5,7 and metadata:x" in told(page)
    assert "never take pictures" not in told(page)


# ---- Cookies off, other sites ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FIELDS)
def test_a_form_needs_no_cookie(filled: dict[str, dict[str, str]], path: str) -> None:
    page = Client(enforce_csrf_checks=True).post(path, filled[path])
    assert page.status_code in {200, 302}
    assert not page.cookies


@pytest.mark.parametrize("path", FIELDS)
@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://other.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
    ],
    ids=str,
)
def test_a_form_that_another_site_sent_is_refused(
    stranger: Client, filled: dict[str, dict[str, str]], path: str, headers: dict[str, str]
) -> None:
    before = Report.objects.count()
    page = stranger.post(path, filled[path], headers=headers)
    assert page.status_code == 403
    assert "came from another site" in told(page)
    assert Report.objects.count() == before


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}, {"origin": "http://testserver"}, {}],
    ids=str,
)
def test_a_form_of_our_own_is_taken_whatever_the_browser_says(stranger: Client, headers: dict[str, str]) -> None:
    assert stranger.post("/report/", {"addresses": "a.example"}, headers=headers).status_code == 302


def test_planted_without_the_check_a_form_of_another_site_would_be_taken(
    stranger: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_forms, "sent_from_here", lambda _request: True)
    page = stranger.post("/report/", {"addresses": "a.example"}, headers={"sec-fetch-site": "cross-site"})
    assert page.status_code == 302


# ---- Sent twice -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FIELDS)
def test_every_form_can_be_sent_twice(stranger: Client, filled: dict[str, dict[str, str]], path: str) -> None:
    first, second = (stranger.post(path, filled[path]) for _ in range(2))
    assert first.status_code == second.status_code
    starts = {"/report/", "/report/no-address/", "/young/keep/send/"}
    assert Report.objects.count() == (2 if path in starts else 1)


def test_contact_details_taken_back_do_not_come_back_with_an_old_page(
    stranger: Client, filled: dict[str, dict[str, str]], now: datetime
) -> None:
    form = filled["/report/check/"] | {"contact": "me"}
    stranger.post("/report/check/", form)
    withdraw_contact(report=Report.objects.get(), now=now)
    stranger.post("/report/check/", form)
    assert Report.objects.get().contact is None


class AnyText(TestCase):
    """Property: no text in any field of the first page breaks it, and what was typed is kept or given back."""

    @given(st.text(min_size=1, max_size=300))
    def test_any_text_is_saved_or_given_back(self, text: str) -> None:
        """A page that is not the next one is the same one, with a sentence."""
        page = Client().post("/report/", {"addresses": text})
        assert page.status_code in {200, 302}
        if page.status_code == 302:
            facts = report_page(Report.objects.latest("pk").public_id)
            assert facts is not None
            assert facts.lines
