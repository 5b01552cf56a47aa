"""A hundred practice pictures by two people and their keyboards, with a break in between."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Page, expect
from pytest_django import Settings

from browser.by_keys import decide, press, turn_of
from openhotline.accounts.models import Person
from openhotline.assessment.models import Assessment, Decision, Turn
from openhotline.assessment.states import Opinion, TurnState
from openhotline.core import clock
from openhotline.core.clock import now
from openhotline.evidence.models import Rendition
from openhotline.exposure.models.limits import SHIPPED
from openhotline.exposure.queries import limits, looks_of
from openhotline.exposure.states import since_last_pause
from openhotline.practice.bringing_in import import_rest
from openhotline.practice.collection import generate
from openhotline.practice.machinery import Machinery, work_here
from openhotline.practice.progress import silent

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
MANY, FILES, SEED = 100, 140, 5
# An operator's limits: each tile counts a second at least, so the looking of this test itself brings a break or two.
MOST_SECONDS, NEAR, PAUSE = 45, 3, timedelta(minutes=10)
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


@pytest.fixture
def soon_a_break(tmp_path: Path, settings: Settings) -> None:
    """The operator of this hotline lets nobody look for longer than 45 seconds in a row."""
    path, shipped = tmp_path / "limits.toml", SHIPPED.read_text()
    path.write_text(shipped.replace("most_minutes = 50", f"most_minutes = {MOST_SECONDS / 60}", 1))
    settings.LOOKING_LIMITS = str(path)


def looked(username: str) -> float:
    """Return for how many seconds somebody has looked since the last pause."""
    person = Person.objects.get(username=username).public_id
    return sum(one.seconds for one in since_last_pause(looks_of(person, now()), limits()))


def after_a_break(page: Page) -> bool:
    """Wait for what follows a decision; where it is a break, see that it holds, let it pass, and take the next."""
    pause, tile = page.get_by_role("heading", name="A break"), page.locator("[data-reveal-url]")
    expect(pause.or_(tile).first).to_be_visible()
    if tile.count():
        # Where the break falls due by this picture's own tile, what is in hand may still be decided.
        return False
    assert looked("analyst") >= MOST_SECONDS, "no sooner than the limits say"
    with page.expect_navigation():
        press(page, "j")
    expect(pause).to_be_visible()
    assert tile.count() == 0, "not even when it is asked for"
    assert not Turn.objects.filter(state=TurnState.LOCKED).exists()
    clock.advance(PAUSE + timedelta(minutes=1))
    with page.expect_navigation():
        press(page, "j")
    press(page, "j")
    expect(tile).to_be_visible()
    return True


def test_a_hundred_are_decided_without_a_mouse_by_two_people_and_breaks_hold(
    hundred: None, soon_a_break: None, open_page: Callable[..., Page]
) -> None:
    """The breaks come by themselves, from the looking that the deciding took."""
    page = begin(open_page, "Analyst")
    breaks = 0
    for number in range(1, MANY + 1):
        # Where a break is near, none that has to be looked at: the look could be refused, and the test wait for it.
        by_two = number % TWO_PEOPLE == 0 and looked("analyst") < MOST_SECONDS - NEAR
        decide(page, *(BY_TWO if by_two else ALONE), seen=by_two)
        if number < MANY:
            breaks += after_a_break(page)
    assert breaks >= 1
    assert Assessment.objects.filter(opinion=Opinion.FIRST).count() == MANY
    assert Assessment.objects.values("item").distinct().count() == MANY

    asked = Turn.objects.filter(opinion=Opinion.SECOND).count()
    assert asked >= MANY // TWO_PEOPLE - 2
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
