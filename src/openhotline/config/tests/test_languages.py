"""The language of a page is the one its path begins with; a draft is seen in practice alone."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import Settings

from openhotline.core.languages import offered
from openhotline.core.languages.states import Review

pytestmark = pytest.mark.django_db
BANNER = "This translation is a draft that nobody has checked."
WELSH_BANNER = "cyfieithiad hwn. Nid oes neb wedi ei wirio."


@pytest.fixture
def browser() -> Client:
    """A visitor's."""
    return Client(raise_request_exception=False)


@pytest.fixture
def production(settings: Settings) -> Settings:
    """An installation that is not for practice."""
    settings.PRACTICE = False
    return settings


@pytest.fixture
def welsh_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Welsh, as if all of it had been looked at."""
    there = [replace(one, review=Review.CHECKED) for one in offered.compiled_languages()]
    monkeypatch.setattr(offered, "compiled_languages", lambda _locale=None: tuple(there))


class Page(HTMLParser):
    """Tags of a page, with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str, **wanted: str) -> list[dict[str, str | None]]:
        """Return the attributes of the tags that have these."""
        return [had for name, had in self.tags if name == tag and wanted.items() <= had.items()]


def page(browser: Client, path: str) -> Page:
    """Open a page."""
    return Page(browser.get(path).content.decode())


def ways(shown: Page) -> dict[str | None, str | None]:
    """Return where the switch leads, by language."""
    return {link["hreflang"]: link["href"] for link in shown.all("a", rel="alternate")}


@pytest.mark.parametrize(
    ("path", "lang", "direction"),
    [("/numbers/", "en-gb", "ltr"), ("/cy/numbers/", "cy", "ltr"), ("/ar-xb/numbers/", "ar-xb", "rtl")],
)
def test_a_page_says_its_language_and_direction(browser: Client, path: str, lang: str, direction: str) -> None:
    assert page(browser, path).all("html", lang=lang, dir=direction)


def test_the_text_is_in_the_language_of_the_path(browser: Client) -> None:
    assert "<h1>Rhifau</h1>" in browser.get("/cy/numbers/").content.decode()
    assert "<h1>Numbers</h1>" in browser.get("/numbers/").content.decode()


def test_neither_a_header_nor_a_cookie_chooses(browser: Client, settings: Settings) -> None:
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "cy"
    answer = browser.get("/numbers/", headers={"Accept-Language": "cy"})
    assert "<h1>Numbers</h1>" in answer.content.decode()
    assert "Accept-Language" not in answer.headers.get("Vary", "")
    assert settings.LANGUAGE_COOKIE_NAME not in browser.get("/cy/numbers/").cookies


def test_the_language_does_not_stay_for_the_next_request(browser: Client) -> None:
    browser.get("/cy/numbers/")
    assert translation.get_language() == "en-gb"


def test_the_switch_keeps_the_page_and_what_is_asked(browser: Client) -> None:
    assert ways(page(browser, "/cy/numbers/?a=1")) == {"en-gb": "/numbers/?a=1", "ar-xb": "/ar-xb/numbers/?a=1"}


def test_the_switch_is_in_words_and_names_each_language_in_itself(browser: Client) -> None:
    shown = browser.get("/numbers/").content.decode()
    assert re.search(r'<a href="/cy/numbers/" hreflang="cy" lang="cy"[^>]*>Cymraeg</a>', shown)
    assert re.search(r'<span aria-current="true" lang="en-gb"[^>]*>English</span>', shown)


def test_search_engines_are_told_whole_addresses_of_lasting_pages_only(browser: Client, settings: Settings) -> None:
    settings.ORIGINS = settings.ORIGINS | {"public": "https://hotline.example"}
    told = {one["hreflang"]: one["href"] for one in page(browser, "/cy/numbers/").all("link", rel="alternate")}
    assert told["en-gb"] == "https://hotline.example/numbers/"
    assert set(told) == {"en-gb", "cy", "ar-xb"}
    assert page(browser, "/cy/numbers/?receipt=secret").all("link", rel="alternate") == []


def test_a_form_that_was_sent_stays_in_its_language_with_all_that_was_typed(browser: Client) -> None:
    typed = {"words": "<b>six & words", "csrfmiddlewaretoken": "old"}
    shown = Page(browser.post("/cy/receipt/", typed).content.decode())
    assert shown.all("form", action="/cy/receipt/")
    assert shown.all("input", type="text", name="words", value="<b>six & words")
    assert [one["formaction"] for one in shown.all("button", name="shown_again")] == ["/receipt/", "/ar-xb/receipt/"]
    assert not shown.all("input", name="csrfmiddlewaretoken", value="old")


def test_a_report_that_was_begun_in_welsh_goes_on_in_welsh(browser: Client) -> None:
    sent = browser.post("/cy/report/", {"addresses": "https://site.example/a", "sending": "once"})
    assert sent.headers["Location"].startswith("/cy/report/details/?report=")
    shown = page(browser, sent.headers["Location"])
    assert shown.all("form", action="/cy/report/details/")
    assert shown.all("button", lang="en-gb", form="typed", formaction="/report/details/")


def test_a_draft_says_so_in_its_language_and_in_english(browser: Client) -> None:
    draft, english = (browser.get(path).content.decode() for path in ("/cy/numbers/", "/numbers/"))
    assert WELSH_BANNER in draft
    assert BANNER in draft
    assert BANNER not in english


@pytest.mark.parametrize("code", ["cy", "ar-xb"])
def test_a_language_that_was_not_checked_is_not_there_in_production(
    browser: Client, production: Settings, code: str
) -> None:
    for path in ("", "numbers/", "report/"):
        assert browser.get(f"/{code}/{path}").status_code == 404
    assert ways(page(browser, "/numbers/")) == {}


def test_a_checked_language_is_there_in_production_without_a_banner(
    browser: Client, production: Settings, welsh_checked: None
) -> None:
    shown = browser.get("/cy/numbers/")
    assert shown.status_code == 200
    assert WELSH_BANNER not in shown.content.decode()


def test_the_made_up_language_is_never_there_in_production(
    browser: Client, production: Settings, welsh_checked: None
) -> None:
    assert browser.get("/ar-xb/numbers/").status_code == 404


def test_an_operator_shows_the_languages_they_name(browser: Client, production: Settings, welsh_checked: None) -> None:
    production.SHOWN_LANGUAGES = frozenset({"fr"})
    assert browser.get("/cy/numbers/").status_code == 404


def test_a_draft_that_counted_as_checked_would_be_seen_in_production(
    browser: Client, production: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted bug: nobody asks how far a language was reviewed."""
    monkeypatch.setattr(offered.Language, "draft", property(lambda _self: False))
    assert browser.get("/cy/numbers/").status_code == 200


def test_a_language_that_an_operator_names_in_vain_is_a_sentence() -> None:
    assert list(offered.faults(["xx"])) == [
        "OPENHOTLINE_LANGUAGES names 'xx', of which there is no compiled catalogue. There: ar-xb, cy."
    ]
    assert "which is a draft" in offered.faults(["cy"])[0]


@pytest.mark.parametrize(
    "path", ["/cy/desk/", "/cy/desk/sign-in/", "/cy/practice/", "/cy/media/health/", "/fr/", "/en-gb/"]
)
def test_other_doors_and_codes_have_no_pages_in_it(browser: Client, path: str) -> None:
    assert browser.get(path).status_code == 404


def test_a_page_in_english_alone_has_no_switch(browser: Client) -> None:
    shown = page(browser, "/desk/sign-in/")
    assert shown.all("html", lang="en-gb")
    assert ways(shown) == {}


@pytest.mark.parametrize("door", ["desk", "media", "members"])
def test_a_door_of_its_own_stays_english(browser: Client, settings: Settings, door: str) -> None:
    settings.ROOT_URLCONF = f"openhotline.config.urls_{door}"
    answer = browser.get("/cy/desk/")
    assert answer.status_code == 404
    assert 'lang="en-gb"' in answer.content.decode()


def test_what_is_not_there_is_said_in_the_language_that_was_asked_for(browser: Client) -> None:
    answer = browser.get("/cy/nothing/")
    assert answer.status_code == 404
    shown = Page(answer.content.decode())
    assert shown.all("html", lang="cy")
    assert shown.all("a", href="/cy/", **{"class": "mark"})


def test_a_slash_that_was_forgotten_is_added_in_the_language(browser: Client) -> None:
    assert browser.get("/cy/numbers").headers["Location"] == "/cy/numbers/"


def test_links_inside_the_site_stay_in_the_language(browser: Client) -> None:
    inside = [link["href"] for link in page(browser, "/cy/numbers/").all("a") if link.get("rel") != "alternate"]
    assert {href for href in inside if href and href.startswith("/")} <= {
        f"/cy{reverse(route)}"
        for route in ("home", "guidance", "numbers", "safety", "privacy", "privacy_children", "leave")
    }


def test_the_same_methods_are_open_in_every_language(browser: Client) -> None:
    assert [browser.put(path).status_code for path in ("/numbers/", "/cy/numbers/", "/ar-xb/numbers/")] == [
        405,
        405,
        405,
    ]
