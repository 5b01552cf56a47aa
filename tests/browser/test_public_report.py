"""A public report in a browser, and on paper."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from browser.axe_found import found_in_every_sight
from openhotline.accounts.models import Person
from openhotline.statistics.models.period import Period
from openhotline.statistics.services.publish_report import publish_report

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_how_each_figure_was_counted_is_one_key_away_and_stands_on_paper(
    open_page: Callable[..., Page], senior: Person, now: datetime
) -> None:
    published = publish_report(period=Period.of("2026-10"), actor=senior, now=now)
    page = open_page(reverse("findings", args=[published.public_id]))
    expect(page.get_by_text("From 1 October 2026 to 31 October 2026")).to_be_visible()
    ways = page.locator("section.panel > details > p")
    sections = page.locator("section.panel").count()
    assert (ways.count(), ways.first.is_visible()) == (sections, False)
    page.locator("summary").first.press("Enter")
    expect(ways.first).to_be_visible()
    assert found_in_every_sight(page) == []
    page.emulate_media(media="print")
    assert all(one.is_visible() for one in ways.all())
    assert page.pdf().startswith(b"%PDF")
