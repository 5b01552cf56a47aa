"""What is another person's, and what is not there at all: the answers are the same, byte for byte."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from allauth.mfa.models import Authenticator
from django.http import HttpResponse  # noqa: TID251 - what a page answers
from django.test import Client
from django.urls import reverse

from openhotline.accounts.models import Person
from openhotline.assessment.models import Turn
from openhotline.assessment.services.assess_item import assess_item
from openhotline.assessment.services.queue_items import queue_items
from openhotline.assessment.services.take_turn import take_turn
from openhotline.core.clock import now as clock_now
from openhotline.core.errors import NotNow
from openhotline.evidence.models import Item
from openhotline.exposure.models import View
from openhotline.exposure.services.grant_view import grant_view
from openhotline.exposure.services.redeem_view import redeem_view
from openhotline.law.models import Facts
from openhotline.triage.models import Selection
from openhotline.triage.services.take_sheet import take_sheet
from openhotline.triage.services.triage_items import triage_items
from openhotline.triage.states import Reason, SelectionState

pytestmark = pytest.mark.django_db
Ask = Callable[[str], HttpResponse]


def browser_of(person: Person) -> Client:
    """Return a browser in which somebody is signed in."""
    browser = Client()
    browser.force_login(person)
    return browser


def said(answer: HttpResponse) -> tuple[int, str, str]:
    """Return what somebody learns: status, place, and the page without the tokens that are new on each."""
    page = re.sub(r'(csrf-token" content="|csrfmiddlewaretoken" value="|value=")[^"]*', "", answer.content.decode())
    return answer.status_code, answer.headers.get("Location", ""), page


def alike(ask: Ask, theirs: object, nothing: object) -> None:
    """Fail unless both are refused, and in the same words."""
    one, other = said(ask(str(theirs))), said(ask(str(nothing)))
    assert one[0] in {403, 404, 409}
    assert one == other


@pytest.fixture
def items(make_item: Callable[..., Item]) -> list[Item]:
    """Four pictures, two of which wait for assessment and two for a sheet."""
    made = [make_item(seed=seed) for seed in range(4)]
    triage_items(ids=[item.pk for item in made], actor="test", now=clock_now())
    kept = [item.pk for item in made[:2]]
    Selection.objects.filter(item__in=kept).update(state=SelectionState.SELECTED, reason=Reason.KEPT)
    queue_items(item_ids=kept, actor="test", now=clock_now())
    return made


@pytest.fixture
def held(items: list[Item], analyst: Person) -> Turn:
    """The turn that the analyst holds."""
    turn = take_turn(actor=analyst, now=clock_now())
    assert turn is not None
    return turn


@pytest.fixture
def other(other_analyst: Person) -> Client:
    """The other analyst's browser."""
    return browser_of(other_analyst)


@pytest.mark.parametrize("route", ["desk_skip", "desk_assess"])
def test_another_s_turn(held: Turn, other: Client, route: str) -> None:
    page = other.post(reverse("desk_assess"), {})
    assert page.status_code == 302

    def ask(turn: str) -> HttpResponse:
        shown = re.findall(
            r'name="shown" value="([^"]+)"', other.post(reverse("desk_consequence"), {}).content.decode()
        )
        fields = {"turn": turn, "decide": "", "shown": shown[0] if shown else "", "idempotency": "x"}
        return other.post(reverse(route), fields)

    alike(ask, held.pk, 999_999)
    held.refresh_from_db()
    assert held.skipped_by == []


def test_another_s_turn_that_is_over(held: Turn, other: Client, analyst: Person) -> None:
    assess_item(turn_id=held.pk, facts=Facts(), idempotency="mine", actor=analyst, now=clock_now())
    alike(lambda turn: other.post(reverse("desk_skip"), {"turn": turn}), held.pk, 999_999)


def test_another_s_assessment(held: Turn, other: Client, analyst: Person) -> None:
    made = assess_item(turn_id=held.pk, facts=Facts(), idempotency="mine", actor=analyst, now=clock_now())
    theirs = made.assessment.public_id
    alike(lambda one: other.post(reverse("desk_undo"), {"assessment": one}), theirs, "asm_none")


def test_another_s_sheet(items: list[Item], other: Client, analyst: Person) -> None:
    sheet = take_sheet(actor=analyst, now=clock_now())
    assert sheet is not None
    alike(lambda one: other.post(reverse("desk_sheet"), {"sheet": one}), sheet.public_id, "sht_none")


@pytest.mark.parametrize(("route", "method"), [("media_tile", "GET"), ("media_reveal", "POST")])
def test_the_picture_of_another_s_turn(held: Turn, other: Client, route: str, method: str) -> None:
    alike(lambda item: other.generic(method, reverse(route, args=[item])), held.item.public_id, "itm_none")
    assert not View.objects.exists()


@pytest.mark.parametrize("route", ["media_tile", "media_reveal"])
def test_a_picture_that_is_nobody_s_turn(items: list[Item], other: Client, route: str) -> None:
    method = "GET" if route == "media_tile" else "POST"
    alike(lambda item: other.generic(method, reverse(route, args=[item])), items[3].public_id, "itm_none")


@pytest.fixture
def granted(held: Turn, analyst: Person, now: datetime) -> str:
    """A look that was granted to the analyst in one session."""
    subject = held.item.public_id
    return grant_view(subject=subject, kind=View.REVEAL, size=9, session="one", actor=analyst, now=clock_now())


@pytest.mark.parametrize("who", ["another person", "another session", "another picture"])
def test_a_look_is_good_for_its_person_its_session_and_its_picture(
    granted: str, held: Turn, items: list[Item], analyst: Person, other_analyst: Person, who: str
) -> None:
    use = {"subject": held.item.public_id, "session": "one", "actor": analyst}
    wrong = {
        "another person": {"actor": other_analyst},
        "another session": {"session": "two"},
        "another picture": {"subject": next(item for item in items if item != held.item).public_id},
    }[who]
    sentences = []
    for token in (granted, "never granted"):
        with pytest.raises(NotNow) as refused:
            redeem_view(token=token, **(use | wrong), now=clock_now())
        sentences.append(str(refused.value))
    assert sentences[0] == sentences[1]
    assert redeem_view(token=granted, **use, now=clock_now()).shown_at is not None


def test_a_look_is_used_once(granted: str, held: Turn, analyst: Person) -> None:
    use = {"token": granted, "subject": held.item.public_id, "session": "one", "actor": analyst}
    redeem_view(**use, now=clock_now())
    with pytest.raises(NotNow):
        redeem_view(**use, now=clock_now())


def test_the_end_of_another_s_look(granted: str, other: Client) -> None:
    alike(lambda view: other.post(reverse("media_release"), {"view": view, "seconds": "1"}), granted, "never granted")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_another_s_passkey(other: Client, analyst: Person, method: str) -> None:
    key = Authenticator.objects.create(user=analyst, type="webauthn", data={"name": "theirs", "credential": {}})
    alike(lambda pk: other.generic(method, reverse("mfa_remove_webauthn", args=[pk])), key.pk, key.pk + 1)
    assert Authenticator.objects.filter(pk=key.pk).exists()


@pytest.mark.parametrize(
    "route", ["desk_person_role", "desk_person_dates", "desk_person_disable", "desk_person_invite"]
)
def test_oneself_is_not_for_oneself(manager: Person, route: str) -> None:
    browser = browser_of(manager)
    before = Person.objects.values().get(pk=manager.pk)
    assert browser.post(reverse(route, args=[manager.public_id]), {"role": "operator"}).status_code == 403
    assert Person.objects.values().get(pk=manager.pk) == before


def test_what_lies_behind_a_run_out_training_is_not_shown(held: Turn, analyst: Person) -> None:
    Person.objects.filter(pk=analyst.pk).update(trained_until=clock_now().date().replace(year=2020))
    answer = browser_of(analyst).get(reverse("media_tile", args=[held.item.public_id]))
    assert answer.status_code == 403
    assert "Your training ran out" in answer.content.decode()


def test_planted_bug_a_turn_that_says_whose_it_is_is_seen(
    held: Turn, other: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the owner left out of the check, the other analyst skips the analyst's turn."""
    monkeypatch.setattr("openhotline.assessment.services.skip_turn.check_holds", lambda turn, *_: turn)
    with pytest.raises((AssertionError, AttributeError)):
        alike(lambda turn: other.post(reverse("desk_skip"), {"turn": turn}), held.pk, 999_999)
