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


def see(page: Page) -> None:
    """Hold Space until the picture is there, and let go."""
    tile = page.locator("[data-reveal-url]")
    page.keyboard.down("Space")
    expect(tile).to_have_attribute("aria-pressed", "true")
    page.keyboard.up("Space")
    expect(tile).to_have_attribute("aria-pressed", "false")


def decide(page: Page, keys: str = "1n", follows: str = "Not criminal", *, seen: bool = False) -> None:
    """Decide by three keys, and wait for the next picture or the queue, and until the server has the decision.

    That no child is shown is said of the blurred tile; for anything else the picture is ``seen`` first.
    """
    before = turn_of(page)
    if seen:
        see(page)
    answer(page, keys, follows)
    press(page, "d")
    expect(page.locator(f'#facts input[name="turn"][value="{before}"]')).to_have_count(0)
    expect(page.locator("form[data-saving]")).to_have_count(0)
