"""A held look ends when it is let go and not before; what was entered outlives the page on which it was entered."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.by_keys import answer, press, see, turn_of
from openhotline.accounts.models import Person
from openhotline.assessment.models import Assessment, Turn
from openhotline.assessment.services.free_turns import free_turns
from openhotline.assessment.states import TurnState
from openhotline.core.clock import now
from openhotline.exposure.models import View

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LETTER = ("5w", "Pseudo-photograph, B")
ANSWERED = "[...document.querySelectorAll('#facts input:checked')].map(one => `${one.name} ${one.value}`)"


@pytest.fixture
def at_picture(at_queue: Page) -> Page:
    """The analyst with one picture in hand."""
    press(at_queue, "j")
    expect(at_queue.locator("[data-reveal-url]")).to_be_visible()
    at_queue.wait_for_load_state("networkidle")
    return at_queue


def is_shown(tile: Locator) -> bool:
    """Say whether the picture stands there now."""
    return tile.get_attribute("aria-pressed") == "true"


def test_facts_are_given_while_the_picture_is_held(at_picture: Page, look: Callable[[Page], Locator]) -> None:
    """What follows comes onto the page twice; the picture stays until the key is let go."""
    tile = look(at_picture)
    answer(at_picture, *LETTER)
    assert is_shown(tile)
    assert View.objects.get(kind=View.REVEAL).seconds is None
    at_picture.keyboard.up("Space")
    expect(tile).to_have_attribute("aria-pressed", "false")


def test_the_meter_of_one_look_does_not_end_the_next(at_picture: Page, look: Callable[[Page], Locator]) -> None:
    """The figures beside the page come anew when a look has ended; by then the next may have begun."""
    with at_picture.expect_response("**/meter/"):
        see(at_picture)
        tile = look(at_picture)
    at_picture.wait_for_timeout(200)
    assert is_shown(tile)
    at_picture.keyboard.up("Space")


@pytest.mark.parametrize(
    "what", ["window.dispatchEvent(new Event('blur'))", "htmx.ajax('GET', '/desk/keys/', '#main')"]
)
def test_a_held_picture_goes_with_the_window_or_with_its_own_place(
    at_picture: Page, look: Callable[[Page], Locator], what: str
) -> None:
    look(at_picture)
    with at_picture.expect_response("**/media/release/"):
        at_picture.evaluate(f"() => {{ {what}; }}")
    expect(at_picture.locator('[data-reveal-url][aria-pressed="true"]')).to_have_count(0)
    assert View.objects.get(kind=View.REVEAL).seconds is not None


def test_what_was_entered_is_there_after_the_page_is_loaded_again(at_picture: Page) -> None:
    """Encrypted until then, and gone once it is decided."""
    page, turn = at_picture, turn_of(at_picture)
    see(page)
    answer(page, *LETTER)
    press(page, "h")
    entered = page.evaluate(ANSWERED)
    page.wait_for_function("localStorage.length === 1")
    page.wait_for_timeout(200)  # the last answer is being encrypted
    stored = page.evaluate("JSON.stringify(localStorage)")
    assert not any(word in stored for word in ("indecent", "severity", "depicts_child"))
    page.reload()
    assert turn_of(page) == turn
    expect(page.locator("#consequence")).to_contain_text(LETTER[1])
    assert page.evaluate(ANSWERED) == entered
    expect(page.locator('[name="decide"]')).to_be_enabled()
    page.wait_for_load_state("networkidle")
    press(page, "d")
    expect(page.get_by_text("Recorded.")).to_be_visible()
    page.wait_for_function("localStorage.length === 0")
    assert Assessment.objects.get().facts["severity"] == "B"


def test_what_was_entered_outlives_the_ten_minutes_of_a_turn(at_picture: Page) -> None:
    """The turn ran out, the decision is refused, and the same turn is taken again."""
    page, turn = at_picture, turn_of(at_picture)
    see(page)
    answer(page, *LETTER)
    Turn.objects.filter(pk=int(turn)).update(locked_until=now() - timedelta(seconds=1))
    press(page, "d")
    expect(page.locator("#unsaved")).to_contain_text("its ten minutes ran out")
    Turn.objects.exclude(pk=int(turn)).update(state=TurnState.DONE)
    free_turns(actor="test", now=now())
    page.goto("/desk/queue/")
    press(page, "j")
    expect(page.locator("#consequence")).to_contain_text(LETTER[1])
    assert turn_of(page) == turn
    assert page.locator('input[name="severity"]:checked').input_value() == "B"


def test_nobody_else_is_given_what_was_entered(at_picture: Page, open_page: Callable[..., Page]) -> None:
    """On the same machine, with the same turn: it opens for whoever entered it, and signing out takes it away."""
    page, turn = at_picture, turn_of(at_picture)
    answer(page, *LETTER)
    page.wait_for_function("localStorage.length === 1")
    kept = page.evaluate("localStorage.getItem('desk.drafts')")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/**")
    page.wait_for_function("localStorage.length === 0")
    other = open_page("/practice/")
    other.evaluate("kept => localStorage.setItem('desk.drafts', kept)", kept)
    senior = Person.objects.get(username="senior").public_id
    Turn.objects.exclude(pk=int(turn)).update(state=TurnState.DONE)
    Turn.objects.filter(pk=int(turn)).update(person=senior, locked_until=now() + timedelta(minutes=9))
    other.get_by_role("button", name="Sign in as Senior analyst", exact=True).click()
    other.wait_for_url("**/desk/")
    other.goto("/desk/assess/")
    other.wait_for_function("localStorage.length === 0")
    assert turn_of(other) == turn
    assert all(one.endswith("not_determined") for one in other.evaluate(ANSWERED))
