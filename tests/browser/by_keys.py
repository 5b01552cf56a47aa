"""Deciding by keys, as an analyst does."""

from playwright.sync_api import Page, expect


def turn_of(page: Page) -> str:
    """Return which turn the page shows."""
    return page.locator('#facts input[name="turn"]').input_value()


def press(page: Page, keys: str) -> None:
    """Press keys one after the other."""
    for key in keys:
        page.keyboard.press(key)


def answer(page: Page, keys: str, follows: str) -> None:
    """Two facts by two keys, until what follows is shown."""
    press(page, keys)
    expect(page.locator("#consequence")).to_contain_text(follows)
    expect(page.locator('[name="decide"]')).to_be_enabled()


def decide(page: Page, keys: str = "3n", follows: str = "Not criminal") -> None:
    """Decide by three keys, and wait for the next picture or the queue, and until the server has the decision."""
    before = turn_of(page)
    answer(page, keys, follows)
    press(page, "d")
    expect(page.locator(f'#facts input[name="turn"][value="{before}"]')).to_have_count(0)
    expect(page.locator("form[data-saving]")).to_have_count(0)
