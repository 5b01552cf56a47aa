"""A manager asks, an operator agrees: somebody comes in, and somebody gets another role."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from browser.axe_found import found_by_axe

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def signed_in(open_page: Callable[..., Page], role: str) -> Page:
    """Come in by the practice page's button."""
    page = open_page("/practice/")
    page.get_by_role("button", name=f"Sign in as {role}", exact=True).click()
    page.wait_for_url("**/desk/")
    return page


def test_nobody_comes_in_or_changes_by_the_word_of_one(practice: str, open_page: Callable[..., Page]) -> None:
    manager, operator = signed_in(open_page, "Manager"), signed_in(open_page, "Operator")
    manager.goto("/desk/people/invite/")
    manager.get_by_label("Name", exact=True).fill("Sam Example")
    manager.get_by_label("Name to sign in with").fill("sam")
    manager.get_by_label("Analyst", exact=True).check()
    manager.get_by_role("button", name="Make the link").click()
    link = manager.locator("#link").inner_text()
    sam = open_page(link)
    expect(sam.get_by_role("heading", level=1)).to_have_text("Not yet, Sam Example")

    operator.goto("/desk/approvals/")
    expect(operator.locator(".card")).to_contain_text("gets a link to come in as analyst")
    operator.get_by_role("button", name="Approve").click()
    said = operator.get_by_text("Approved: the link opens from now on, with the code")
    expect(said).to_be_visible()
    code = said.inner_text().partition("with the code ")[2].partition(".")[0]
    sam.goto(link)
    sam.get_by_label("Your code").fill("aaaa-aaaa")
    sam.get_by_role("button", name="Continue").click()
    expect(sam.get_by_role("alert")).to_contain_text("not the code of this link")
    assert found_by_axe(sam) == []
    sam.get_by_label("Your code").fill(code.upper())
    sam.get_by_role("button", name="Continue").click()
    expect(sam.get_by_role("button", name="Use a passkey")).to_be_visible()
    expect(sam.get_by_role("heading", level=1)).to_have_text("Welcome, Sam Example")

    manager.goto("/desk/people/")
    manager.get_by_role("link", name="Sam Example").click()
    manager.get_by_label("Auditor").check()
    manager.get_by_role("button", name="Ask for this role").click()
    expect(manager.get_by_text("Sam Example is to be auditor. Until that is approved nothing changes.")).to_be_visible()
    operator.goto("/desk/approvals/")
    expect(operator.locator(".card")).to_contain_text("From now on: auditor.")
    operator.get_by_role("button", name="Approve").click()
    expect(operator.get_by_text("Approved: Sam Example is auditor now")).to_be_visible()
