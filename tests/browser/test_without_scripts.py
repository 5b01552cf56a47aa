"""The public pages work without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from openhotline.intake.models import Report

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_report_and_its_receipt_without_scripts(practice: str, open_page: Callable[..., Page]) -> None:
    """The address is saved on the first page; the receipt says its first word."""
    page = open_page("/report/", scripts=False)
    page.get_by_label("What is the address of the page?").fill("http://127.0.0.1:8090/boards/1/threads/0001.html")
    page.get_by_role("button", name="Continue").click()
    assert Report.objects.get().state == "started"
    page.get_by_role("button", name="Skip the rest").click()
    page.get_by_role("button", name="Send").click()
    words = page.locator(".receipt-code").inner_text()
    assert len(words.split()) == 6
    page.goto("/receipt/")
    page.get_by_label("The six words of your receipt").fill(words)
    page.get_by_role("button", name="Look").click()
    expect(page.locator('[aria-current="step"]')).to_have_text("Received")
    assert Report.objects.get().state == "received"


def test_a_decision_without_scripts(practice: str, open_page: Callable[..., Page], work: Callable[[], None]) -> None:
    """The desk may need scripts, but what follows can be asked for by a button."""
    page = open_page("/practice/", scripts=False)
    page.get_by_role("button", name="Report this").click()
    work()
    page.get_by_role("link", name="Load again").click()
    page.get_by_role("button", name="Work on it").click()
    page.get_by_role("button", name="Finish").click()
    work()
    page.goto("/desk/queue/")
    page.get_by_role("button", name="Next").click()
    page.locator('[data-fact="content_kind"]').get_by_label("A picture").check()
    page.locator('[data-fact="depicts_child"]').get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Show what follows").click()
    expect(page.locator("#consequence")).to_contain_text("Not criminal")
