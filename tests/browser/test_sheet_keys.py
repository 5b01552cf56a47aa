"""A sorting sheet without a mouse."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from cast import MakeItem
from openhotline.core.clock import now
from openhotline.core.jobs import drain
from openhotline.intake.services.complete_report import complete_report
from openhotline.intake.services.start_report import start_report
from openhotline.intake.states import Source
from openhotline.triage.models import Selection, Stack
from openhotline.triage.services.triage_items import triage_items

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page_reported(practice: str, site_origin: str) -> None:
    """A whole page of the practice site, captured and waiting for a sheet."""
    address = f"{site_origin}/boards/1/threads/0001.html"
    report, _ = start_report(addresses=[address], source=Source.PUBLIC, idempotency=None, practice=True, now=now())
    complete_report(report=report, details={}, urgent=False, now=now())
    drain()


def test_set_aside_move_and_finish_by_keys(page_reported: None, open_page: Callable[..., Page]) -> None:
    page = open_page("/practice/")
    page.get_by_role("button", name="Sign in as Analyst", exact=True).click()
    page.wait_for_url("**/desk/")
    page.keyboard.press("j")
    boxes = page.locator('input[name="aside"]')
    expect(boxes.first).to_be_attached()
    boxes.first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(page.locator("#aside-count")).to_have_text("2")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    expect(page.locator("#aside-count")).to_have_text("1")
    page.keyboard.press("f")
    expect(page.get_by_text("Sheet finished.")).to_be_visible()
    assert Selection.objects.filter(reason="sorted_out").values("item__stacked__stack").distinct().count() == 1


def test_each_tile_keeps_the_reason_of_its_moment_and_the_last_sheet_is_taken_back(
    page_reported: None, open_page: Callable[..., Page]
) -> None:
    page = open_page("/practice/")
    page.get_by_role("button", name="Sign in as Analyst", exact=True).click()
    page.wait_for_url("**/desk/")
    page.keyboard.press("j")
    boxes = page.locator('input[name="aside"]')
    expect(boxes.first).to_be_attached()
    page.wait_for_load_state("load")
    page.keyboard.press("2")
    boxes.first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("3")
    boxes.nth(1).focus()
    page.keyboard.press("Space")
    follows = page.locator("#sheet-follows")
    expect(follows).to_contain_text("Nobody in it: 1 tile")
    expect(follows).to_contain_text("Part of the page: 1 tile")
    page.keyboard.press("f")
    expect(page.get_by_text("Sheet finished.")).to_be_visible()
    reasons = set(Selection.objects.filter(state="set_aside").values_list("reason", flat=True))
    assert {"no_person", "page_part"} <= reasons
    page.get_by_role("button", name="Take back").click()
    expect(page.locator('input[name="aside"]')).to_have_count(2)


def test_all_and_none_by_keys(page_reported: None, open_page: Callable[..., Page]) -> None:
    page = open_page("/practice/")
    page.get_by_role("button", name="Sign in as Analyst", exact=True).click()
    page.wait_for_url("**/desk/")
    page.keyboard.press("j")
    expect(page.locator('input[name="aside"]').first).to_be_attached()
    total = page.locator('input[name="aside"]:not([data-alone])').count()
    page.keyboard.press("a")
    expect(page.locator("#aside-count")).to_have_text(str(total))
    page.keyboard.press("n")
    expect(page.locator("#aside-count")).to_have_text("0")


def test_what_is_no_picture_has_a_key_of_its_own(
    page_reported: None, make_item: MakeItem, open_page: Callable[..., Page]
) -> None:
    """The key for all leaves it, the key for texts takes nothing else, and it is kept that nobody opened it."""
    made = [
        make_item(state="unreadable", unreadable_reason=why, pdq=None, quality=None, width=None, height=None)
        for why in ("unknown_format", "truncated")
    ]
    triage_items(ids=[item.pk for item in made], actor="test", now=now())
    Stack.objects.exclude(leader__in=made).update(waiting=False)
    page = open_page("/practice/")
    page.get_by_role("button", name="Sign in as Analyst", exact=True).click()
    page.wait_for_url("**/desk/")
    page.keyboard.press("j")
    expect(page.locator('input[name="aside"]')).to_have_count(2)
    page.keyboard.press("a")
    expect(page.locator("#aside-count")).to_have_text("0")
    page.keyboard.press("2")
    page.keyboard.press("o")
    expect(page.locator("#aside-count")).to_have_text("1")
    expect(page.locator("#sheet-follows")).to_contain_text("Could not be opened: 1 tile")
    expect(page.locator(".because").filter(has_text="Could not be opened")).to_have_count(1)
    page.keyboard.press("f")
    expect(page.get_by_text("Sheet finished.")).to_be_visible()
    assert [Selection.objects.get(item=item).reason for item in made] == ["not_opened", "kept"]
