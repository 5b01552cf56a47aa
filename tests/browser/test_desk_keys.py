"""Assessing without a mouse: decided in the background, kept while the desk is away, one's own keys."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, Response, expect

from browser.by_keys import answer, decide, press, see, turn_of
from openhotline import due
from openhotline.accounts.models import KeyChoice, Person
from openhotline.assessment.models import Assessment, Decision, Turn
from openhotline.assessment.states import Opinion
from openhotline.audit.models import Record
from openhotline.core.clock import now
from openhotline.exposure.models import View

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FEW = 3


def test_pictures_are_decided_by_keys_and_nothing_is_lost_while_the_desk_is_away(at_queue: Page) -> None:
    page = at_queue
    press(page, "j")
    expect(page.locator("[data-reveal-url]")).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.evaluate("window.stayed = true")
    decide(page)
    tile = page.locator("[data-reveal-url] img")
    assert (tile.get_attribute("src") or "").startswith("blob:"), "the next tile was fetched ahead"
    decide(page)
    assert Assessment.objects.count() == 2

    before = turn_of(page)
    answer(page, "1n", "Not criminal")
    page.context.set_offline(True)
    press(page, "d")
    expect(page.locator("#unsaved")).to_contain_text("Not saved yet")
    assert turn_of(page) == before
    page.context.set_offline(False)
    expect(page.locator('#facts input[name="turn"]')).not_to_have_value(before)
    assert Assessment.objects.count() == 3

    page.route("**/media/**", lambda route: route.abort())
    decide(page)
    page.unroute("**/media/**")
    assert Assessment.objects.count() == 4, "without the media door, by the tile that was there already"

    before = str(Assessment.objects.latest("pk").item.turns.get(opinion="first").pk)
    press(page, "z")
    expect(page.get_by_text("Taken back. Here it is again.")).to_be_visible()
    assert turn_of(page) == before
    press(page, "s")
    expect(page.get_by_text("Swapped.")).to_be_visible()
    press(page, "x")
    expect(page.get_by_text("Skipped.")).to_be_visible()
    assert page.evaluate("window.stayed"), "all of it without leaving the page"
    assert page.url.endswith("/desk/assess/")


def test_two_people_decide_by_keys_alone_and_a_break_pauses_the_queue(
    at_queue: Page, open_page: Callable[..., Page]
) -> None:
    """Each opinion by a look and three keys, blind; after fifty minutes of looking the queue pauses."""
    press(at_queue, "j")
    expect(at_queue.locator("[data-reveal-url]")).to_be_visible()
    for _ in range(FEW):
        decide(at_queue, "5w", "Pseudo-photograph, B", seen=True)
    assert Turn.objects.filter(opinion=Opinion.SECOND).count() == FEW
    Turn.objects.filter(opinion=Opinion.FIRST).delete()
    second = open_page("/practice/")
    second.get_by_role("button", name="Sign in as Senior analyst", exact=True).click()
    second.wait_for_url("**/desk/")
    press(second, "j")
    expect(second.locator("[data-reveal-url]")).to_be_visible()
    for _ in range(FEW - 1):
        decide(second, "5w", "Pseudo-photograph, B", seen=True)
    assert list(Decision.objects.values_list("consensus", "disagreed")) == [(2, False)] * (FEW - 1)
    see(second)
    person, at = Person.objects.get(username="senior").public_id, now() - timedelta(minutes=50)
    View.objects.create(
        person=person, subject="itm_x", kind=View.REVEAL, size=1, grant="x", granted_at=at, shown_at=at, seconds=3000
    )
    answer(second, "5w", "Pseudo-photograph, B")
    press(second, "d")
    expect(second.get_by_role("heading", name="A break")).to_be_visible()
    assert Decision.objects.count() == FEW, "what was held could still be decided"
    assert second.locator("[data-reveal-url]").count() == 0


def test_nothing_unblurred_comes_without_a_held_key_and_a_row_in_the_log(
    at_queue: Page, look: Callable[[Page], Locator]
) -> None:
    page = at_queue
    came: list[tuple[str, bool]] = []

    def note(answer: Response) -> None:
        if "/media/reveal/" in answer.url:
            came.append((answer.url, "x-view" in answer.headers))

    page.on("response", note)
    press(page, "j")
    expect(page.locator("[data-reveal-url]")).to_be_visible()
    page.wait_for_load_state("networkidle")
    decide(page)
    assert came == []
    tile = look(page)
    assert len(came) == 1
    assert Record.objects.filter(action="view_shown").count() == 1
    with page.expect_response("**/media/reveal/**"):
        press(page, "g")
    expect(page.locator('input[value="grey"]')).to_be_checked()
    page.keyboard.up("Space")
    expect(tile).to_have_attribute("aria-pressed", "false")
    expect(tile.locator("img")).to_have_attribute("src", re.compile("^(blob:|/media/tile/)"))
    assert all(shown for _, shown in came)
    sizes = list(View.objects.filter(kind=View.REVEAL).order_by("pk").values_list("size", flat=True))
    assert len(sizes) == len(came) == Record.objects.filter(action="view_shown").count() == 2
    expect(page.locator('input[value="small"]')).to_be_checked()


def test_one_key_blanks_the_screen_ends_the_look_and_brings_the_page_back(
    at_queue: Page, look: Callable[[Page], Locator]
) -> None:
    """Somebody comes in: what is held is let go of, nothing of the page can be read, and no other key does anything."""
    page = at_queue
    press(page, "j")
    tile = look(page)
    press(page, ".")
    expect(page.locator("#blank")).to_be_visible()
    expect(tile).to_have_attribute("aria-pressed", "false")
    size = page.viewport_size
    box = page.locator("#blank").bounding_box()
    assert size is not None
    assert box is not None
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, size["width"], size["height"])
    before = turn_of(page)
    press(page, "x")
    press(page, ".")
    expect(page.locator("#blank")).to_be_hidden()
    assert turn_of(page) == before, "skipped while nothing could be seen"


def test_a_browser_that_is_killed_while_it_shows_ends_the_look(at_queue: Page, look: Callable[[Page], Locator]) -> None:
    page = at_queue
    press(page, "j")
    look(page)
    page.evaluate("() => { window.fetch = () => new Promise(() => {}); }")  # what a killed browser says: nothing
    page.context.close()
    due.tick(now=now() + timedelta(seconds=11))
    view = View.objects.get(kind=View.REVEAL)
    assert view.seconds is not None
    assert view.seconds >= 10


def test_chosen_keys_hold_and_everything_is_found_by_name(at_queue: Page) -> None:
    KeyChoice.objects.create(person=Person.objects.get(username="analyst"), keys={"d": "e", " ": "k"})
    page = at_queue
    page.reload()
    press(page, "j")
    expect(page.locator('[name="decide"] kbd')).to_have_text("e")
    page.wait_for_load_state("load")
    page.keyboard.down("k")
    expect(page.locator("[data-reveal-url]")).to_have_attribute("aria-pressed", "true")
    page.keyboard.up("k")
    expect(page.locator("[data-reveal-url]")).to_have_attribute("aria-pressed", "false")
    before = turn_of(page)
    press(page, "d")
    assert turn_of(page) == before
    press(page, ":")
    page.keyboard.type("swap")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Swapped.")).to_be_visible()
    page.evaluate("document.querySelector('#keys').showModal()")
    with page.expect_response("**/desk/keys/switch/"):
        page.get_by_role("button", name="Single keys are on").press("Enter")
    expect(page.get_by_role("button", name="Single keys are off")).to_be_visible()
    assert KeyChoice.objects.get().on is False


def test_a_decision_outlives_a_browser_that_is_killed_before_it_was_sent(
    at_queue: Page, open_page: Callable[..., Page]
) -> None:
    """It is kept encrypted, sent when the same person comes back, once, and is nobody else's to read."""
    page = at_queue
    press(page, "j")
    expect(page.locator("[data-reveal-url]")).to_be_visible()
    page.wait_for_load_state("load")
    decided = Turn.objects.get(pk=int(turn_of(page))).item_id
    answer(page, "1n", "Not criminal")
    page.route("**/desk/assess/", lambda route: route.abort())
    press(page, "d")
    expect(page.locator("#unsaved")).to_contain_text("Not saved yet")
    stored = page.evaluate("JSON.stringify(localStorage)")
    assert "desk.unsent" in stored
    assert not any(word in stored for word in ("indecent", "depicts_child", "turn", "idempotency"))
    kept = page.context.storage_state()["origins"][0]["localStorage"]
    unsent = next(one["value"] for one in kept if one["name"] == "desk.unsent")
    page.context.close()  # nothing of the page is left but what the browser keeps on its disk
    assert not Assessment.objects.exists()

    back = open_page("/practice/")
    back.evaluate("kept => localStorage.setItem('desk.unsent', kept)", unsent)
    back.get_by_role("button", name="Sign in as Analyst", exact=True).click()
    back.wait_for_url("**/desk/")
    expect(back.get_by_text("What you had decided before this browser was closed is saved.")).to_be_visible()
    assert back.locator("[data-reveal-url]").count() == 0
    assert Assessment.objects.get().item_id == decided
    assert back.evaluate("localStorage.length") == 0

    back.evaluate("kept => localStorage.setItem('desk.unsent', kept)", unsent)
    back.get_by_role("button", name="Sign out").click()
    back.wait_for_url("**/sign-in/**")
    assert back.evaluate("localStorage.length") == 0
    assert Assessment.objects.count() == 1
