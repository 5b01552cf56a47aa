"""A manager asks for a forecast, and its pages are accessible in every sight."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from browser.axe_found import found_in_every_sight
from openhotline.core.jobs import drain
from openhotline.forecast.services import make_study as module

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_forecast_is_asked_for_and_read(
    practice: str, open_page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(module._OTHERWISE, "days", 5)
    monkeypatch.setitem(module._OTHERWISE, "runs", 2)
    page = open_page("/practice/")
    page.get_by_role("button", name="Sign in as Manager", exact=True).click()
    page.get_by_role("link", name="Forecasts").click()
    page.get_by_label("Stacks of near duplicates that come in a day").fill("300")
    page.get_by_label("People who assess").fill("12")
    page.get_by_label("Senior analysts among them").fill("3")
    page.get_by_role("button", name="Make it").click()
    drain()
    page.get_by_role("link", name="Load again").click()
    expect(page.get_by_role("img", name="Backlog")).to_be_visible()
    page.locator("summary").first.click()
    found = found_in_every_sight(page)
    page.get_by_role("link", name="What growth does to hash lists").click()
    page.get_by_role("button", name="Make it").click()
    drain()
    page.get_by_role("link", name="Load again").click()
    expect(page.get_by_text("Number alone does not fill a list")).to_be_visible()
    assert [*found, *found_in_every_sight(page)] == []
