"""A hundred practice pictures by two people and their keyboards, with a break in between."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Page, expect

from browser.by_keys import decide, press, turn_of
from openhotline.accounts.models import Person
from openhotline.assessment.models import Assessment, Decision, Turn
from openhotline.assessment.states import Opinion, TurnState
from openhotline.core import clock
from openhotline.core.clock import now
from openhotline.evidence.models import Rendition
from openhotline.exposure.models import View
from openhotline.practice.bringing_in import import_rest
from openhotline.practice.collection import generate
from openhotline.practice.machinery import Machinery, work_here
from openhotline.practice.progress import silent

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
MANY, BREAK_AFTER, FILES, SEED = 100, 40, 140, 5
# Every tenth is one that two people have to see.
TWO_PEOPLE = 10
ALONE, BY_TWO = ("1n", "Not criminal"), ("5w", "Pseudo-photograph, B")  # the second after a look
NO_MOUSE = "addEventListener('pointerdown', () => { window.pointed = true; }, true)"


@pytest.fixture
def hundred(practice: str, tmp_path: Path) -> None:
    """A hundred pictures of a practice collection in the queue, each to be decided by itself."""
    collection = generate(Path(django_settings.VAR) / "practice" / "hundred", items=FILES, seed=SEED, workers=1)
    machinery = Machinery(tick=lambda _: {}, settle=work_here)
    manifest = tmp_path / "manifest.jsonl"
    import_rest(
        collection, without=[], manifest=manifest, origin="http://127.0.0.1:9", machinery=machinery, tell=silent
    )
    Turn.objects.all().delete()
    shown = Rendition.objects.filter(kind=Rendition.TILE).order_by("item_id").values_list("item_id", flat=True)
    Turn.objects.bulk_create(Turn(item_id=item, queued_at=now()) for item in shown[:MANY])


def begin(open_page: Callable[..., Page], role: str) -> Page:
    """Sign in and take the first picture, all of it by keys."""
    page = open_page("/practice/")
    page.add_init_script(NO_MOUSE)
    page.get_by_role("button", name=f"Sign in as {role}", exact=True).press("Enter")
    page.wait_for_url("**/desk/")
    press(page, "j")
    expect(page.locator("[data-reveal-url]")).to_be_visible()
    return page


def looked_for_long(username: str) -> None:
    """Somebody has looked at pictures for fifty minutes without a pause."""
    at = now() - timedelta(minutes=50)
    View.objects.create(
        person=Person.objects.get(username=username).public_id, subject="itm_x", kind=View.REVEAL, size=1,
        grant="fifty", granted_at=at, shown_at=at, seconds=3000,
    )  # fmt: skip


def test_a_hundred_are_decided_without_a_mouse_by_two_people_and_a_break_holds(
    hundred: None, open_page: Callable[..., Page]
) -> None:
    page = begin(open_page, "Analyst")
    for number in range(1, MANY):
        if number == BREAK_AFTER:
            looked_for_long("analyst")
            decide(page, *ALONE)
            expect(page.get_by_role("heading", name="A break")).to_be_visible()
            with page.expect_navigation():
                press(page, "j")
            expect(page.get_by_role("heading", name="A break")).to_be_visible()
            assert page.locator("[data-reveal-url]").count() == 0, "not even when it is asked for"
            assert not Turn.objects.filter(state=TurnState.LOCKED).exists()
            clock.advance(timedelta(minutes=11))
            with page.expect_navigation():
                press(page, "j")
            press(page, "j")
            expect(page.locator("[data-reveal-url]")).to_be_visible()
        by_two = number % TWO_PEOPLE == 0
        decide(page, *(BY_TWO if by_two else ALONE), seen=by_two)
    assert Assessment.objects.filter(opinion=Opinion.FIRST).count() == MANY
    assert Assessment.objects.values("item").distinct().count() == MANY

    asked = Turn.objects.filter(opinion=Opinion.SECOND).count()
    assert asked >= (MANY - 1) // TWO_PEOPLE
    second = begin(open_page, "Senior analyst")
    for _ in range(asked):
        first = Assessment.objects.get(item__turns=int(turn_of(second)), opinion=Opinion.FIRST)
        by_two = first.facts["severity"] == "B"
        decide(second, *(BY_TWO if by_two else ALONE), seen=by_two)

    assert Decision.objects.count() == MANY
    assert Decision.objects.filter(consensus=2, disagreed=False).count() == asked
    people = dict(Person.objects.values_list("public_id", "username"))
    by = {(people[one.person], one.opinion) for one in Assessment.objects.all()}
    assert by == {("analyst", "first"), ("senior", "second")}, "nobody gives two opinions"
    assert [one.evaluate("window.pointed") for one in (page, second)] == [None, None]
