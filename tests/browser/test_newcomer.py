"""From the practice page to a decided report."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from openhotline.assessment.models import Decision

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Hand:
    """Clicks and counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks = page, 0

    def click(self, name: str) -> None:
        """Click the one button or link of this name."""
        self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name)).first.click()
        self.clicks += 1


def test_six_clicks_and_one_held_key(
    practice: str, open_page: Callable[..., Page], work: Callable[[], None], look: Callable[[Page], Locator]
) -> None:
    """Report this, work on it, finish the sheet, next, one quick answer, decide; Space is held to look."""
    page = open_page("/practice/")
    hand = Hand(page)
    hand.click("Report this")
    expect(page.get_by_text("Its receipt")).to_be_visible()
    work()
    hand.click("Work on it as the analyst")
    hand.click("Finish")
    work()
    hand.click("Next")
    blurred = look(page).locator("img")
    assert (blurred.get_attribute("src") or "").startswith("blob:")
    page.keyboard.up("Space")
    expect(blurred).to_have_attribute("src", re.compile("^/media/"))
    hand.click("Child, not indecent")
    expect(page.locator("#consequence")).to_contain_text("Not criminal")
    hand.click("Decide")
    expect(page.get_by_text("Decided.")).to_be_visible()
    assert Decision.objects.count() == 1
    assert hand.clicks <= 6
