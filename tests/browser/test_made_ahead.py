"""The next picture stands there before the server has answered, and goes again where the answer is another."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from browser.by_keys import answer, press, turn_of
from openhotline.accounts.models import Person
from openhotline.assessment.models import Assessment, Turn
from openhotline.assessment.states import TurnState
from openhotline.core.clock import now
from openhotline.exposure.models import View

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DECIDED = ("1n", "Not criminal")


@pytest.fixture
def ready(at_queue: Page) -> Page:
    """The analyst with a picture whose facts are given, and the page of the next one made ahead."""
    with at_queue.expect_response("**/desk/assess/ahead/"):
        press(at_queue, "j")
    expect(at_queue.locator("[data-reveal-url]")).to_be_visible()
    at_queue.wait_for_load_state("networkidle")
    answer(at_queue, *DECIDED)
    return at_queue


@contextmanager
def nothing_arrives(page: Page) -> Iterator[list[Route]]:
    """Hold back what is sent to be saved; the block lets it go or does not."""
    held: list[Route] = []
    page.route("**/desk/assess/", lambda route: held.append(route))  # noqa: PLW0108 - it takes no method of a list
    yield held
    page.unroute("**/desk/assess/")


def first_of(held: list[Route], page: Page) -> Route:
    """Wait for the first that is held back: the next page stands there before anything is sent."""
    for _ in range(200):
        if held:
            break
        page.wait_for_timeout(50)
    return held[0]


def test_the_next_picture_stands_there_while_the_decision_is_on_its_way(ready: Page) -> None:
    """Blurred, with its text; it can neither be revealed nor decided until the server has the decision before."""
    page, before = ready, turn_of(ready)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with nothing_arrives(page) as held:
        press(page, "d")
        expect(page.get_by_text("Being saved.")).to_be_visible()
        stands = turn_of(page)
        assert stands != before
        assert (page.locator("[data-reveal-url] img").get_attribute("src") or "").startswith("blob:")
        press(page, "3")
        expect(page.locator("#consequence")).to_contain_text("Not criminal")
        expect(page.locator('[name="decide"]')).to_be_disabled()
        press(page, "dxs")
        page.keyboard.down("Space")
        page.wait_for_timeout(200)
        assert not any("/media/reveal/" in url for url in asked)
        assert not Assessment.objects.exists()
        first_of(held, page).continue_()
        expect(page.get_by_text("Decided.")).to_be_visible()
    expect(page.locator("[data-reveal-url]")).to_have_attribute("aria-pressed", "true")
    page.keyboard.up("Space")
    assert len(held) == 1
    assert turn_of(page) == stands
    assert Turn.objects.get(state=TurnState.LOCKED).pk == int(stands)
    expect(page.locator('[data-fact] input[value="not_determined"]:not(:checked)')).not_to_have_count(0)
    expect(page.locator('[name="decide"]')).to_be_enabled()
    press(page, "z")
    expect(page.get_by_text("Taken back. Here it is again.")).to_be_visible()
    assert turn_of(page) == before


def test_a_refused_decision_brings_its_picture_back_with_what_was_entered(ready: Page) -> None:
    page, before = ready, turn_of(ready)
    with nothing_arrives(page) as held:
        press(page, "d")
        expect(page.get_by_text("Being saved.")).to_be_visible()
        assert turn_of(page) != before
        Turn.objects.filter(pk=int(before)).update(locked_until=now() - timedelta(seconds=1))
        first_of(held, page).continue_()
        expect(page.locator("#unsaved")).to_contain_text("its ten minutes ran out")
    assert turn_of(page) == before
    expect(page.locator("#consequence")).to_contain_text("Not criminal")
    expect(page.locator('[name="decide"]')).to_be_enabled()
    assert not Assessment.objects.exists()


def test_a_decision_that_does_not_arrive_brings_its_picture_back_until_it_is_saved(ready: Page) -> None:
    page, before = ready, turn_of(ready)
    with nothing_arrives(page) as held:
        press(page, "d")
        expect(page.get_by_text("Being saved.")).to_be_visible()
        first_of(held, page).abort()
        expect(page.locator("#unsaved")).to_contain_text("Not saved yet")
        assert turn_of(page) == before
    expect(page.get_by_text("Decided.")).to_be_visible()
    assert turn_of(page) != before
    assert Assessment.objects.count() == 1


def test_a_break_that_is_due_takes_the_page_made_ahead_away(ready: Page) -> None:
    page, person, at = ready, Person.objects.get(username="analyst").public_id, now() - timedelta(minutes=50)
    View.objects.create(
        person=person, subject="itm_x", kind=View.REVEAL, size=1, grant="x", granted_at=at, shown_at=at, seconds=3000
    )
    press(page, "d")
    expect(page.get_by_role("heading", name="A break")).to_be_visible()
    assert page.locator("[data-reveal-url]").count() == 0
    assert Assessment.objects.count() == 1
    assert not Turn.objects.filter(state=TurnState.LOCKED).exists()


def test_what_a_colleague_has_meanwhile_makes_room_for_another(ready: Page, open_page: Callable[..., Page]) -> None:
    """The reservation ran out and somebody took it: the page is replaced by that of the turn which is given."""
    page = ready
    Turn.objects.exclude(reserved_for="").update(reserved_until=now() - timedelta(seconds=1))
    taken = Turn.objects.filter(state=TurnState.WAITING).order_by("-points", "pk")[0]
    Turn.objects.filter(pk=taken.pk).update(
        state=TurnState.LOCKED, person="x", locked_until=now() + timedelta(minutes=9)
    )
    with nothing_arrives(page) as held:
        press(page, "d")
        expect(page.get_by_text("Being saved.")).to_be_visible()
        assert turn_of(page) == str(taken.pk)
        first_of(held, page).continue_()
        expect(page.get_by_text("Decided.")).to_be_visible()
    assert turn_of(page) != str(taken.pk)
