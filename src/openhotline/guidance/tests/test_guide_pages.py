"""A reader at the guidance pages: from where they work to what to do now, and back."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse  # noqa: TID251 - the answer a reader gets
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from openhotline.guidance.policies.moves import Place
from openhotline.guidance.queries import shown
from openhotline.guidance.views import carried as carrying

pytestmark = pytest.mark.django_db

Walk = Callable[..., HttpResponse]
Text = Callable[[HttpResponse], str]
Carried = Callable[[HttpResponse], str]
TO_THE_END = ("wales", "adult", "no", "no", "unknown", "yes", "no", "address")


def do(stranger: Client, page: HttpResponse, carried: Carried, wanted: str, **more: str) -> HttpResponse:
    """Press one of the buttons of a page."""
    return stranger.post("/guidance/", {"carried": carried(page), "do": wanted, **more})


def test_the_nation_is_asked_first(stranger: Client, text_of: Text) -> None:
    text = text_of(stranger.get("/guidance/"))
    assert "Where do you work?" in text
    assert text.index("If a child is in danger now, call 999 first.") < text.index("Where do you work?")


def test_then_what_it_is_about(walk: Walk, text_of: Text) -> None:
    text = text_of(walk("wales"))
    for choice in (
        "A child is shown in it",
        "An adult has made",
        "A child has seen",
        "What is AI-gen",
        "Is it illegal?",
    ):
        assert choice in text


def test_a_walk_ends_at_numbered_steps_with_sources_and_the_nation_s_route(walk: Walk, text_of: Text) -> None:
    text = text_of(walk(*TO_THE_END))
    assert "1 If a child is in danger now, call 999" in text
    assert "the council’s designated officer for safeguarding" in text  # noqa: RUF001 - as on the page
    assert "local authority designated officer" not in text
    assert "Artificially generated child sexual abuse images" in text
    assert "Next review" in text


def test_an_outcome_leads_to_the_report(walk: Walk) -> None:
    assert b'href="/report/">Report an address' in walk(*TO_THE_END).content


def test_no_address_and_no_cookie_carries_an_answer(stranger: Client, walk: Walk) -> None:
    page = walk(*TO_THE_END)
    assert page.request["PATH_INFO"] == "/guidance/"
    assert page.request["QUERY_STRING"] == ""
    assert not stranger.cookies


def test_back_leads_page_by_page_to_the_beginning_with_each_answer_still_chosen(
    stranger: Client, walk: Walk, carried: Carried, text_of: Text
) -> None:
    page = walk(*TO_THE_END)
    for answer in reversed(TO_THE_END):
        page = do(stranger, page, carried, "back")
        assert f'value="{answer}" required id="id_answer' in page.content.decode()
        assert page.content.count(b" checked") == 1
    assert "Where do you work?" in text_of(page)


def test_the_nation_can_be_changed_at_the_end_and_the_answers_stay(
    stranger: Client, walk: Walk, carried: Carried, text_of: Text
) -> None:
    asked = do(stranger, walk(*TO_THE_END), carried, "nation")
    text = text_of(do(stranger, asked, carried, "next", answer="england"))
    assert "local authority designated officer" in text
    assert "You work in: England" in text


def test_to_begin_again_forgets_everything(stranger: Client, walk: Walk, carried: Carried) -> None:
    fresh = do(stranger, walk(*TO_THE_END), carried, "again")
    assert carrying.take(carried(fresh)).place == Place()


def test_the_same_form_sent_twice_is_the_same_page(
    stranger: Client, walk: Walk, carried: Carried, text_of: Text
) -> None:
    page = walk("wales", "adult")
    first, second = (do(stranger, page, carried, "next", answer="no") for _ in range(2))
    assert text_of(first) == text_of(second)


def test_an_empty_answer_is_asked_for_again(stranger: Client, walk: Walk, carried: Carried, text_of: Text) -> None:
    page = do(stranger, walk("wales", "adult"), carried, "next")
    assert "Choose one of the answers." in text_of(page)
    assert b"<title>Error: Is a child in danger right now?" in page.content


@pytest.mark.parametrize(
    "hostile",
    ["<script>alert(1)</script>", "\u202egnp.exe", "no\x00", "=1+1", "yes' OR 1=1", "\ud83d", "x" * 100_000, "é" * 50],
)
def test_a_hostile_answer_is_told_and_never_shown_as_markup(
    stranger: Client, walk: Walk, carried: Carried, text_of: Text, hostile: str
) -> None:
    sent = hostile.encode("utf-8", "surrogatepass")
    for page in (walk(), walk("wales"), walk("wales", "adult")):
        body = urlencode({"carried": carried(page), "answer": sent})
        answer = stranger.post("/guidance/", body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 200
        assert "That is not one of the answers here." in text_of(answer)
        assert b"<script" not in answer.content


@pytest.mark.parametrize("broken", ["", "x", "WyJ4Il0:1abcde:xyz", "<b>", "\x00", "\u202e", "a" * 5_000])
def test_a_changed_page_is_told_with_whom_to_call_and_where_to_begin(
    stranger: Client, text_of: Text, broken: str
) -> None:
    page = stranger.post("/guidance/", {"carried": broken, "answer": "no"})
    text = text_of(page)
    assert page.status_code == 409
    assert "We cannot read the answers that your page held." in text
    assert "call 999" in text
    assert "Begin again" in text


def test_a_page_that_was_tampered_with_is_not_believed(stranger: Client, walk: Walk, carried: Carried) -> None:
    held = carried(walk("wales", "adult"))
    assert stranger.post("/guidance/", {"carried": f"{held[:-1]}{'A' if held[-1] != 'A' else 'B'}"}).status_code == 409


def test_a_page_that_was_open_too_long_keeps_every_answer(
    stranger: Client, walk: Walk, carried: Carried, text_of: Text, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = walk("wales", "adult", "no")
    monkeypatch.setattr(carrying, "VALID", timedelta(seconds=-1))
    late = do(stranger, page, carried, "next", answer="both")
    assert "This page was open for more than a day. Your answers are kept." in text_of(late)
    assert b'value="both" required id="id_answer_2" checked' in late.content
    monkeypatch.undo()
    assert "live with children" in text_of(do(stranger, late, carried, "next", answer="both"))


def test_guidance_that_changed_meanwhile_is_told(stranger: Client, text_of: Text) -> None:
    held = carrying.give(Place("wales", "adult", {"danger": "no"}), "another digest")
    page = stranger.post("/guidance/", {"carried": held, "do": "stay"})
    assert "The guidance was changed while this page was open." in text_of(page)
    assert "Do you fear that someone may take their own life?" in text_of(page)


def test_a_megabyte_is_no_answer_and_the_question_is_asked_again(stranger: Client, text_of: Text) -> None:
    page = stranger.post("/guidance/", {"answer": "x" * 1_100_000})
    assert "Where do you work?" in text_of(page)


def test_more_than_a_form_may_hold_gets_a_sentence(stranger: Client, text_of: Text) -> None:
    page = stranger.post("/guidance/", f"answer={'x' * 5_000_000}", content_type="application/x-www-form-urlencoded")
    assert page.status_code == 413
    assert "That was more than we can take at once." in text_of(page)


@pytest.mark.parametrize("content_type", ["multipart/form-data", "application/x-www-form-urlencoded; charset=utf-7"])
def test_what_is_no_form_gets_a_sentence(stranger: Client, content_type: str) -> None:
    assert stranger.post("/guidance/", b"answer", content_type=content_type).status_code == 400


def test_a_form_that_is_not_ours_is_a_beginning(stranger: Client, text_of: Text) -> None:
    assert "Where do you work?" in text_of(stranger.post("/guidance/", {"else": "1"}))


def test_it_works_with_cookies_off_and_without_a_token(carried: Carried) -> None:
    strict = Client(enforce_csrf_checks=True)
    page = strict.get("/guidance/")
    assert strict.post("/guidance/", {"carried": carried(page), "answer": "wales"}).status_code == 200
    assert not strict.cookies


def test_a_browser_may_go_back_to_a_question_and_keeps_nothing_that_was_typed(stranger: Client, walk: Walk) -> None:
    assert walk("wales").headers["Cache-Control"] == "private, no-cache"
    searched = stranger.post("/guidance/search/", {"words": "screenshot"})
    assert searched.headers["Cache-Control"] == "no-store"
    assert stranger.get("/report/").headers["Cache-Control"] == "no-store"


def test_no_page_takes_a_name_a_file_or_a_script(stranger: Client, walk: Walk, carried: Carried) -> None:
    end = walk(*TO_THE_END)
    for page in (walk(), walk("wales"), end, do(stranger, end, carried, "print"), do(stranger, end, carried, "check")):
        html = page.content.decode()
        assert "<script" not in html
        assert 'type="text"' not in html
        assert "<textarea" not in html
        assert 'type="file"' not in html


def test_the_sheet_has_blank_lines_for_names_and_the_same_steps(
    stranger: Client, walk: Walk, carried: Carried, text_of: Text
) -> None:
    end = walk(*TO_THE_END)
    text = text_of(do(stranger, end, carried, "print"))
    for line in (
        "Safeguarding lead",
        "Police: name and reference",
        "Date, time and signature",
        "Do not warn the adult",
    ):
        assert line in text


def test_fact_check_shows_the_path_and_what_each_sentence_rests_on(
    stranger: Client, walk: Walk, carried: Carried, text_of: Text
) -> None:
    text = text_of(do(stranger, walk(*TO_THE_END), carried, "check"))
    assert "I do not know home=unknown" in text
    assert "may be near children" in text
    assert "Shown because: police is no" in text
    assert "Not yet checked" in text
    assert "Speaks of: Wales. Read in part on 27 November 2026. Next review: 27 May 2027." in text


def test_elsewhere_says_that_the_sources_speak_of_the_united_kingdom(walk: Walk, text_of: Text) -> None:
    text = text_of(walk("elsewhere", "came-across", "no", "unknown"))
    assert "The sources here speak of the United Kingdom." in text
    assert "No source for" not in text


def test_what_is_the_same_for_all_nations_is_said(walk: Walk, text_of: Text) -> None:
    text = text_of(walk("scotland", "came-across", "no", "unknown"))
    assert "we found no source that says it differs" in text
    assert "No source for Scotland" in text


@pytest.mark.parametrize("page", ["", "directory/", "search/", "versions/"])
def test_every_page_says_whom_to_call_and_that_nothing_is_kept(stranger: Client, page: str) -> None:
    html = stranger.get(f"/guidance/{page}").content.decode()
    assert 'href="tel:999"' in html
    assert "not an emergency service" in html
    assert "keep nothing of what you choose" in html


def test_without_an_emergency_number_the_words_still_make_sense(
    stranger: Client, settings: Settings, text_of: Text
) -> None:
    settings.HOTLINE = {"name": "", "emergency_number": "", "hours": ""}
    assert "call the emergency number first." in text_of(stranger.get("/guidance/"))


def test_the_texts_of_the_files_are_said_in_the_language_of_the_page(
    walk: Walk, text_of: Text, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shown, "gettext", lambda text: f"{text} ({translation.get_language()})")
    page = walk("wales", "what-it-is", at="/cy/guidance/")
    assert '<html lang="cy"' in page.content.decode()
    assert "It does harm whether or not a child can be named. (cy)" in text_of(page)


def test_the_first_pages_lead_here(stranger: Client) -> None:
    assert b'href="/guidance/"' in stranger.get("/").content
