"""Public pages in other languages, in a browser: the switch, and axe on a mirrored layout at every size."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from browser.axe_found import SIGHTS, found_in_every_sight, over_the_side
from openhotline.accounts.models import Person
from openhotline.core.clock import now
from openhotline.statistics.services.publish_figures import publish_figures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATHS = ("/", "/report/", "/receipt/", "/numbers/", "/privacy/", "/privacy/young-people/", "/nothing/")
RTL = "/ar-xb"


@pytest.mark.parametrize("prefix", [RTL, "/cy"])
def test_every_public_page_is_accessible(practice: str, open_page: Callable[..., Page], prefix: str) -> None:
    publish_figures(actor=Person.objects.get(username="senior"), now=now())
    page = open_page(f"{prefix}/")
    found = []
    for path in PATHS:
        page.goto(prefix + path)
        assert page.locator("html").get_attribute("dir") == ("rtl" if prefix == RTL else "ltr")
        found += found_in_every_sight(page)
    assert found == []


def test_a_page_that_is_too_wide_is_seen(practice: str, open_page: Callable[..., Page]) -> None:
    """Planted fault: a word that does not fit, pushed out on the left as right-to-left text would be."""
    page = open_page(f"{RTL}/numbers/")
    page.set_viewport_size(SIGHTS["320 px"].size)
    page.evaluate("document.querySelector('h1').textContent = 'W'.repeat(80)")
    assert over_the_side(page) != []


def test_the_layout_is_mirrored(practice: str, open_page: Callable[..., Page]) -> None:
    page = open_page("/numbers/")
    page.set_viewport_size({"width": 1280, "height": 800})
    place = "document.querySelector('.help').getBoundingClientRect().left > innerWidth / 2"
    assert page.evaluate(place)
    page.goto(f"{RTL}/numbers/")
    assert not page.evaluate(place)


@pytest.mark.parametrize("scripts", [True, False])
def test_somebody_changes_the_language_and_back_in_the_middle_of_a_report(
    practice: str,
    open_page: Callable[..., Page],
    scripts: bool,  # noqa: FBT001 - a case of the test
) -> None:
    page = open_page("/report/", scripts=scripts)
    page.locator("textarea[name=addresses]").fill("https://site.example/a")
    page.get_by_role("button", name="Cymraeg").click()
    expect(page.locator("html")).to_have_attribute("lang", "cy")
    expect(page.locator("textarea[name=addresses]")).to_have_value("https://site.example/a")
    page.locator("main form button").first.click()
    page.wait_for_url("**/cy/report/details/**")
    page.locator("select[name=place]").select_option(index=1)
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en-gb")
    assert page.locator("select[name=place]").input_value()


def test_enter_sends_the_form_and_does_not_change_the_language(practice: str, open_page: Callable[..., Page]) -> None:
    page = open_page("/receipt/")
    page.locator("input[name=words]").fill("not six words")
    page.locator("input[name=words]").press("Enter")
    expect(page.locator(".errors")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en-gb")


def test_a_page_that_came_of_a_form_keeps_what_was_typed_in_the_other_language(
    practice: str, open_page: Callable[..., Page]
) -> None:
    page = open_page("/receipt/")
    page.locator("input[name=words]").fill("not six words")
    page.locator("main form button").first.click()
    expect(page.locator(".errors")).to_be_visible()
    page.get_by_role("button", name="Cymraeg").click()
    expect(page.locator("html")).to_have_attribute("lang", "cy")
    expect(page.locator("input[name=words]")).to_have_value("not six words")
