"""Public pages in other languages, in a browser: the switch, and axe on a mirrored layout at every size."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from browser.axe_found import found_by_axe
from openhotline.accounts.models import Person
from openhotline.core.clock import now
from openhotline.statistics.services.publish_figures import publish_figures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATHS = ("/", "/report/", "/receipt/", "/numbers/", "/privacy/", "/privacy/young-people/", "/nothing/")
RTL = "/ar-xb"
# 1280 by 1024 pixels at 400 % leave 320 by 256, each four times as large.
VIEWS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "320 px": {"viewport": {"width": 320, "height": 640}},
    "400 %": {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4},
}
SIDEWAYS = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
# What stands beyond the edge, but for what is hidden from the eye on purpose or scrolls in a box of its own.
BEYOND = """() => [...document.querySelectorAll('body *')].filter(one => {
  const box = one.getBoundingClientRect();
  return box.width > 1 && !one.closest('.table-wrap, .unseen, .skip') && (box.left < -1 || box.right > innerWidth + 1);
}).map(one => one.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("prefix", [RTL, "/cy"])
def test_every_public_page_is_accessible(
    practice: str, browser: Browser, live_server: LiveServer, prefix: str, view: str
) -> None:
    publish_figures(actor=Person.objects.get(username="senior"), now=now())
    context = browser.new_context(base_url=live_server.url, **VIEWS[view])
    page = context.new_page()
    found = []
    for path in PATHS:
        page.goto(prefix + path)
        assert page.locator("html").get_attribute("dir") == ("rtl" if prefix == RTL else "ltr")
        found += found_by_axe(page)
        found += [f"{path}: {one} px wider than the screen" for one in [page.evaluate(SIDEWAYS)] if one]
        found += [f"{path}: beyond the edge: {one}" for one in page.evaluate(BEYOND)]
    context.close()
    assert found == []


def test_a_page_that_is_too_wide_is_seen(practice: str, browser: Browser, live_server: LiveServer) -> None:
    """Planted fault: a word that does not fit, pushed out on the left as right-to-left text would be."""
    context = browser.new_context(base_url=live_server.url, **VIEWS["320 px"])
    page = context.new_page()
    page.goto(f"{RTL}/numbers/")
    page.evaluate("document.querySelector('h1').textContent = 'W'.repeat(80)")
    assert page.evaluate(SIDEWAYS) or page.evaluate(BEYOND)
    context.close()


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
