"""A stranger on the young people's path: what is asked, what is said, and what is never said."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.http import HttpResponse  # noqa: TID251 - the answer a stranger gets
from django.test import Client
from limits import parse_many
from pytest_django import Settings

from journeys.young_walks import CODE, MINE, PATHS, all_pages, field, keep_page, send, walk
from openhotline.intake.models import DeviceHash, Report
from openhotline.intake.queries import opened_codes
from openhotline.intake.states import DeviceHashState, Source
from openhotline.intake.views import young_pages

pytestmark = [pytest.mark.django_db, pytest.mark.urls("openhotline.intake.urls")]

# What nobody can promise: that it stays between us, that it works, that it is over.
PROMISES = re.compile(
    r"secret|confidential|anonymous|promise|guarantee|no ?(?:one|body) (?:will|else will)|never be (?:seen|found)|"
    r"we will (?:get|take|remove|delete|find|make|stop)|will be (?:removed|deleted|taken down|gone|found)|"
    r"for ever|everywhere it|100 ?%|safe with us|do not worry|don.t worry",
    re.IGNORECASE,
)


def text_of(page: HttpResponse) -> str:
    """Return what a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def title(page: HttpResponse) -> str:
    """Return the page's heading."""
    found = re.search(r"<h1[^>]*>([^<]+)<", page.content.decode())
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("under 18 now", "Two ways to get help"),
        ("adult now, child then", "Two ways to get help"),
        ("not sure when", "Two ways to get help"),
        ("adult then", "Help with a picture from when you were 18 or over"),
        ("someone", "Help for someone you know"),
    ],
)
def test_each_way_ends_where_it_should(stranger: Client, name: str, heading: str) -> None:
    assert title(walk(stranger, PATHS[name])[-1]) == heading


def test_a_child_in_the_united_kingdom_is_led_to_report_remove(stranger: Client) -> None:
    page = text_of(walk(stranger, MINE)[-1])
    assert "Report Remove" in page
    assert "Keep the picture on my device" in page


def test_an_adult_whose_picture_is_from_before_is_led_to_a_report_here(stranger: Client) -> None:
    page = walk(stranger, PATHS["adult now, child then"])[-1]
    assert "Report Remove" not in text_of(page)
    assert b'href="/report/"' in page.content


def test_where_no_service_is_known_a_report_here_is_the_way(stranger: Client, settings: Settings) -> None:
    settings.JURISDICTION = "FR"
    page = walk(stranger, MINE)[-1]
    assert "Report Remove" not in text_of(page)
    assert "We never ask you for the picture" in text_of(page)
    assert "an adult you trust" in text_of(page)


def test_a_picture_from_when_one_was_adult_is_led_to_stopncii(stranger: Client) -> None:
    page = walk(stranger, PATHS["adult then"])[-1]
    assert "StopNCII" in text_of(page)
    assert b"/young/keep/" not in page.content


def test_a_friend_is_told_what_to_do_and_makes_no_code(stranger: Client) -> None:
    page = walk(stranger, PATHS["someone"])[-1]
    assert "Do not pass the picture on" in text_of(page)
    assert b"/young/keep/" not in page.content


def test_whoever_is_worried_about_themselves_is_asked_nothing(stranger: Client) -> None:
    page = stranger.get("/worried/")
    assert "Shore" in text_of(page)
    assert "Stop It Now" in text_of(page)
    assert b"<form" not in page.content


def test_every_page_has_somebody_to_talk_to_and_help_with_thoughts_of_suicide(stranger: Client) -> None:
    for name, page in all_pages(stranger).items():
        said = text_of(page)
        assert "Do you think about suicide?" in said, name
        assert "116 123" in said, name
        assert 'href="tel:08001111"' in page.content.decode(), name
        assert 'href="tel:999"' in page.content.decode(), name


def test_what_we_may_have_to_tell_is_said_before_anything_is_asked(stranger: Client) -> None:
    page = stranger.get("/young/").content.decode()
    assert page.index("we may have to tell the police or social care") < page.index("<form")
    for name in ("under 18 now", "someone"):
        assert "we may have to tell the police" in text_of(walk(stranger, PATHS[name])[-1])
    assert "we may have to tell the police" in text_of(keep_page(stranger))


def test_whoever_is_threatened_is_told_four_things_on_every_end(stranger: Client) -> None:
    for way in PATHS.values():
        said = text_of(walk(stranger, way)[-1])
        for told in ("Do not pay", "Do not send anything more", "Keep the messages", "Tell someone you trust"):
            assert told in said


def test_what_codes_cannot_do_is_said_where_they_are_chosen(stranger: Client) -> None:
    said = text_of(walk(stranger, MINE)[-1])
    for told in ("It may not work everywhere. It is not your fault.", "private chats", "films", "cannot tell you"):
        assert told in said
    for page in (said, text_of(keep_page(stranger)), text_of(all_pages(stranger)["sent"])):
        assert re.search(r"Do not post or send the picture", page)


def promises(pages: dict[str, HttpResponse]) -> list[str]:
    """Return where a page promises something."""
    return [f"{name}: {found[0]}" for name, page in pages.items() for found in PROMISES.finditer(text_of(page))]


def test_no_page_promises_secrecy_or_success(stranger: Client) -> None:
    assert promises(all_pages(stranger)) == []


@pytest.mark.parametrize(
    "sentence",
    ["This stays a secret.", "We will get it taken down.", "Nobody will know.", "It will be removed.", "Do not worry."],
)
def test_a_promise_would_be_seen(stranger: Client, sentence: str) -> None:
    page = stranger.get("/young/")
    page.content = page.content.replace(b"We ask a few", f"{sentence} We ask a few".encode())
    assert len(promises({"planted": page})) == 1


def test_no_answer_stands_in_an_address_a_cookie_or_a_table(stranger: Client) -> None:
    pages = all_pages(stranger)
    urls = [url for page in pages.values() for url, _ in getattr(page, "redirect_chain", [])]
    assert all(re.fullmatch(r"/young/keep/sent/\?receipt=[\w%:.-]+", url) for url in urls)
    assert set(stranger.cookies) <= {"csrftoken"}
    assert {(report.source, report.details) for report in Report.objects.all()} == {(Source.DEVICE, None)}


def test_no_page_is_kept_by_a_cache(stranger: Client) -> None:
    assert {page.headers["Cache-Control"] for page in all_pages(stranger).values()} == {"no-store"}


def test_no_form_takes_a_picture(stranger: Client) -> None:
    """The field that chooses pictures stands in no form and has no name: a browser sends nothing of it."""
    for name, page in all_pages(stranger).items():
        html = page.content.decode()
        assert "multipart" not in html, name
        for form in re.findall(r"<form.*?</form>", html, re.DOTALL):
            assert 'type="file"' not in form, name
        for choose in re.findall(r'<input[^>]*type="file"[^>]*>', html):
            assert "name=" not in choose, name


def test_back_asks_the_question_before_again(stranger: Client) -> None:
    pages = walk(stranger, {"who": "me", "age": "18_or_over"})
    before = stranger.post("/young/", {"answers": field(pages[-1], "answers"), "back": "1"})
    assert title(before) == "How old are you now?"
    again = stranger.post("/young/", {"answers": field(before, "answers"), "age": "13_to_15"})
    assert title(again) == "Two ways to get help"


@pytest.mark.parametrize("hostile", ["", "parent", "<script>", "\u202eme", "me\0", "=me", "x" * 900_000])
def test_an_answer_that_no_page_offers_is_told_and_nothing_is_lost(stranger: Client, hostile: str) -> None:
    _, age = walk(stranger, {"who": "me"})
    page = stranger.post("/young/", {"answers": field(age, "answers"), "age": hostile})
    assert "Choose one of the answers." in text_of(page)
    assert title(stranger.post("/young/", {"answers": field(page, "answers"), "age": "16_to_17"})).startswith(
        "Two ways"
    )


@pytest.mark.parametrize("wrong", ["", "x", "eyJ3aG8iOiJtZSJ9:1abcde:xyz", "\0", "x" * 900_000])
@pytest.mark.parametrize("path", ["/young/", "/young/keep/", "/young/keep/send/"])
def test_answers_that_are_not_ours_lead_to_the_beginning(stranger: Client, path: str, wrong: str) -> None:
    page = stranger.post(path, {"answers": wrong, "who": "me", "own": wrong, "hashes": f"{CODE} 90", "sending": "a"})
    assert "Please begin again" in text_of(page)
    assert not Report.objects.exists()


def test_answers_are_over_after_a_day(stranger: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    carried = field(walk(stranger, MINE)[-1], "answers")
    monkeypatch.setattr(young_pages, "VALID", timedelta(seconds=-1))
    assert "Nothing was kept" in text_of(stranger.post("/young/keep/", {"answers": carried}))


@pytest.mark.parametrize("name", ["adult then", "someone"])
def test_only_one_s_own_picture_from_before_18_leads_to_codes(stranger: Client, name: str) -> None:
    """Whatever is posted by hand."""
    carried = field(walk(stranger, PATHS[name])[-1], "answers")
    for path in ("/young/keep/", "/young/keep/send/"):
        page = stranger.post(path, {"answers": carried, "own": carried, "hashes": f"{CODE} 90", "sending": "a"})
        assert "Please begin again" in text_of(page)
    assert not DeviceHash.objects.exists()


def test_the_form_with_the_codes_holds_no_age(stranger: Client) -> None:
    """What goes with the codes is the same whatever was answered, and answers in its place are not taken."""
    forms = []
    for age in (MINE, PATHS["adult now, child then"]):
        page = keep_page(stranger, age)
        form = re.search(r'<form id="typed".*?</form>', page.content.decode(), re.DOTALL)
        assert form
        fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[0]))
        assert set(fields) == {"own", "sending"}
        forms.append(signing.loads(fields["own"], salt=young_pages.OWN))
        answers = {"own": field(page, "answers"), "answers": field(page, "answers"), "sending": fields["sending"]}
        assert "Please begin again" in text_of(stranger.post("/young/keep/send/", answers | {"hashes": f"{CODE} 90"}))
    assert forms == ["own", "own"]
    assert not DeviceHash.objects.exists()


@pytest.mark.parametrize("path", ["/young/keep/", "/young/keep/send/"])
def test_opening_a_later_page_by_hand_leads_to_the_beginning(stranger: Client, path: str) -> None:
    assert stranger.get(path, follow=True).redirect_chain == [("/young/", 302)]


def test_codes_are_kept_and_the_words_take_them_back(stranger: Client) -> None:
    sent = send(stranger, keep_page(stranger), f"{CODE} 90\r\n{CODE[::-1]} 50", follow=True)
    keys = DeviceHash.objects.order_by("pk").values_list("pk", flat=True)
    assert [str(one.code) for one in opened_codes(list(keys))] == [f"{CODE} 90", f"{CODE[::-1]} 50"]
    words = re.search(r'class="receipt-code">([^<]+)<', sent.content.decode())
    assert words
    undone = stranger.post("/young/undo/", {"words": words[1].upper()})
    assert "The codes are taken back." in text_of(undone)
    assert {row.state for row in DeviceHash.objects.all()} == {DeviceHashState.WITHDRAWN}


def test_the_receipt_s_own_page_knows_the_words_too(stranger: Client) -> None:
    sent = send(stranger, keep_page(stranger), follow=True)
    words = re.search(r'class="receipt-code">([^<]+)<', sent.content.decode())
    assert words
    assert b'aria-current="step"' in stranger.post("/receipt/", {"words": words[1]}).content


def test_no_browser_translates_the_words(stranger: Client) -> None:
    """Words in another language would take nothing back."""
    assert b'translate="no" class="receipt-code"' in send(stranger, keep_page(stranger), follow=True).content


def test_two_presses_on_send_are_one_report(stranger: Client) -> None:
    page = keep_page(stranger)
    assert {send(stranger, page, follow=True).status_code for _ in range(2)} == {200}
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    ("hashes", "sentence"),
    [
        ("", "There is no code here"),
        ("<b>x</b>", "Line 1 is not a code"),
        (f"{CODE} 49", "The number at the end of line 1 is 49"),
        (f"{CODE} 90\n" * 11, "There are 11 codes here"),
        (f"{CODE[:9]}\0{CODE[10:]}", "Line 1 is not a code"),
        ("9" * 900_000, "Line 1 is not a code"),
    ],
)
def test_what_is_no_code_is_told_and_what_was_sent_is_shown_again(stranger: Client, hashes: str, sentence: str) -> None:
    page = send(stranger, keep_page(stranger), hashes)
    assert sentence in text_of(page)
    assert not Report.objects.exists()
    assert b"<b>x</b>" not in page.content


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "Write the six words"),
        ("abacus", "A receipt has 6 words"),
        ("abbey abbey abbey abbey abbey zoo", "One of these words is not right"),
        (" ".join(["abacus"] * 6), "We do not have codes with these words"),
    ],
)
def test_words_that_take_nothing_back_are_told(stranger: Client, words: str, sentence: str) -> None:
    assert sentence in text_of(stranger.post("/young/undo/", {"words": words}))


def test_where_no_member_takes_codes_none_are_made(stranger: Client, settings: Settings) -> None:
    """A list that nobody uses would be false comfort: another service that makes codes stands there."""
    settings.DEVICE_CODES = False
    choice = walk(stranger, MINE)[-1]
    assert b"/young/keep/" not in choice.content
    assert "Take It Down" in text_of(choice)
    assert "Please begin again" in text_of(keep_page(stranger))


def test_a_hotline_without_a_number_or_hours_still_says_whole_sentences(stranger: Client, settings: Settings) -> None:
    settings.HOTLINE = settings.HOTLINE | {"emergency_number": "", "hours": ""}
    settings.JURISDICTION = "FR"
    page = stranger.get("/young/")
    assert "999" not in text_of(page)
    assert "If a child is in danger now, call the emergency number." in text_of(page)
    assert "Tell an adult you trust, or call the emergency number." in text_of(page)
    assert "People here read each report." in text_of(page)


def test_too_many_tries_keep_the_page_where_codes_are_taken_back(stranger: Client, settings: Settings) -> None:
    settings.FLOOD = settings.FLOOD | {"all_tries": tuple(parse_many("1/10 minutes"))}
    wrong = {"words": "abacus abacus abacus abacus abacus abacus"}
    page = [stranger.post("/young/undo/", wrong) for _ in range(2)][-1]
    assert page.status_code == 429
    assert "This does not slow down the work on your report." in text_of(page)
    assert wrong["words"] in page.content.decode()


def test_the_page_of_sent_codes_says_when_it_is_over(stranger: Client) -> None:
    page = text_of(stranger.get("/young/keep/sent/", {"receipt": "old"}))
    assert "With your six words you can still take the codes back." in page
