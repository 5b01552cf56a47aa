"""The page of what comes next is made ahead: it says what is true, and gives nothing before its turn."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from openhotline.accounts.models import Person
from openhotline.assessment.models import Assessment, Turn
from openhotline.assessment.policies import RESERVED
from openhotline.assessment.services.choosing import next_turns
from openhotline.assessment.states import Opinion, TurnState
from openhotline.core.clock import now
from openhotline.desk.tests.conftest import SignIn
from openhotline.desk.tests.test_assess_page import LETTER_A, decide, open_page
from openhotline.desk.tests.test_in_place import IN_PLACE, form_of
from openhotline.evidence.models import Item
from openhotline.evidence.views.media import NOT_THERE
from openhotline.exposure.models import View

pytestmark = pytest.mark.django_db


def ahead(client: Client) -> dict[str, object] | None:
    """Return what the desk's script is given while a picture is looked at: the page of the next, or None."""
    made: dict[str, object] | None = client.post(reverse("desk_ahead"), headers=IN_PLACE).json()["next"]
    return made


def turn_ahead(client: Client) -> Turn:
    """Return the turn of which a page was made ahead."""
    made = ahead(client)
    assert made is not None
    return Turn.objects.select_related("item").get(pk=made["turn"])


def looked_for_long(person: Person) -> None:
    """Somebody has looked for fifty minutes without a pause: their break is due."""
    at = now() - timedelta(minutes=50)
    View.objects.create(
        person=person.public_id, subject="itm_x", kind=View.REVEAL, size=1, grant="x", granted_at=at, shown_at=at,
        seconds=3000,
    )  # fmt: skip


def seen_by(client: Client, form: dict[str, str]) -> str:
    """Decide as the page does, and return which turn the answer shows; the empty text for none."""
    page = client.post(reverse("desk_assess"), form, headers=IN_PLACE).content.decode()
    return "".join(re.findall(r'<form id="skip".*name="turn" value="(\d+)"', page))


def test_the_page_made_ahead_is_the_one_that_comes(at_desk: Client, queued: list[Item]) -> None:
    """A form with its own key for once, and the text; said is only that the decision before is on its way."""
    form = form_of(open_page(at_desk))
    made = ahead(at_desk)
    assert made is not None
    page = str(made["page"])
    assert re.findall(r'name="idempotency" value="([^"]+)"', page) not in ([], [form["idempotency"]])
    assert "File says" in page
    assert "Being saved." in page
    assert "can be undone" not in page
    assert seen_by(at_desk, form) == str(made["turn"])


def test_a_page_made_ahead_takes_nothing_and_decides_nothing(at_desk: Client, queued: list[Item]) -> None:
    """Its turn still waits: deciding it before the first is decided is refused."""
    form = form_of(open_page(at_desk))
    turn = turn_ahead(at_desk)
    assert turn.state == TurnState.WAITING
    assert at_desk.post(reverse("desk_assess"), form | {"turn": str(turn.pk)}, headers=IN_PLACE).status_code == 404
    assert not Assessment.objects.exists()


def test_a_picture_of_a_page_made_ahead_is_not_revealed_before_its_turn(at_desk: Client, queued: list[Item]) -> None:
    form = form_of(open_page(at_desk))
    place = reverse("media_reveal", args=[turn_ahead(at_desk).item.public_id])
    assert NOT_THERE in at_desk.post(place).content.decode()
    seen_by(at_desk, form)
    assert NOT_THERE not in at_desk.post(place).content.decode()


def test_what_was_made_ahead_for_one_is_given_to_nobody_else(
    at_desk: Client, other_analyst: Person, sign_in: SignIn, queued: list[Item]
) -> None:
    form = form_of(open_page(at_desk))
    turn = turn_ahead(at_desk)
    assert sign_in(other_analyst).post(reverse("desk_next")).headers["Location"] == reverse("desk_queue")
    assert seen_by(at_desk, form) == str(turn.pk)


def test_planted_bug_without_the_reservation_a_colleague_gets_what_was_made_ahead(
    at_desk: Client, other_analyst: Person, sign_in: SignIn, queued: list[Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a page made of what merely comes next, two people would have it; the answer still says the truth."""
    monkeypatch.setattr("openhotline.desk.views.assess.reserve_turns", lambda *, actor, now: next_turns(actor, now, 3))
    form = form_of(open_page(at_desk))
    turn = turn_ahead(at_desk)
    assert open_page(sign_in(other_analyst))["turn"] == str(turn.pk)
    assert seen_by(at_desk, form) not in {"", str(turn.pk)}


def test_what_a_colleague_took_after_the_reservation_ran_out_is_not_given_twice(
    at_desk: Client, other_analyst: Person, sign_in: SignIn, queued: list[Item]
) -> None:
    form = form_of(open_page(at_desk))
    turn = turn_ahead(at_desk)
    Turn.objects.filter(pk=turn.pk).update(reserved_until=now() - timedelta(seconds=1))
    assert open_page(sign_in(other_analyst))["turn"] == str(turn.pk)
    assert seen_by(at_desk, form) not in {"", str(turn.pk)}


def test_no_page_is_made_ahead_in_a_break(at_desk: Client, analyst: Person, queued: list[Item]) -> None:
    open_page(at_desk)
    looked_for_long(analyst)
    assert ahead(at_desk) is None


def test_a_due_break_is_not_passed_by_a_page_made_ahead(at_desk: Client, analyst: Person, queued: list[Item]) -> None:
    """The decision is saved, the answer is the pause, and the picture of that page stays shut."""
    form = form_of(open_page(at_desk))
    turn = turn_ahead(at_desk)
    looked_for_long(analyst)
    answer = at_desk.post(reverse("desk_assess"), form, headers=IN_PLACE)
    assert "A break" in answer.content.decode()
    assert "data-reveal-url" not in answer.content.decode()
    assert Assessment.objects.count() == 1
    assert not Turn.objects.filter(state=TurnState.LOCKED).exists()
    shut = at_desk.post(reverse("media_reveal", args=[turn.item.public_id]))
    assert NOT_THERE in shut.content.decode()


def test_planted_bug_without_the_check_the_page_made_ahead_would_pass_the_break(
    at_desk: Client, analyst: Person, queued: list[Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the check taken out of taking a turn, the page that stands already would be confirmed."""
    form = form_of(open_page(at_desk))
    turn = turn_ahead(at_desk)
    looked_for_long(analyst)
    monkeypatch.setattr("openhotline.assessment.services.take_turn.check_may_look_now", lambda *_: None)
    assert seen_by(at_desk, form) == str(turn.pk)


def test_what_is_found_hard_to_look_at_meanwhile_does_not_come(at_desk: Client, queued: list[Item]) -> None:
    """Whoever has not said yes to that is given another, though the page was made ahead."""
    form = form_of(open_page(at_desk))
    turn = turn_ahead(at_desk)
    Turn.objects.filter(pk=turn.pk).update(heavy=True)
    assert seen_by(at_desk, form) not in {"", str(turn.pk)}


def test_other_peoples_opinions_are_never_sent_ahead(
    at_desk: Client, other_analyst: Person, senior: Person, sign_in: SignIn, queued: list[Item]
) -> None:
    """A page on which they stand is made when its turn is taken, so that nobody reads them who is not to settle it."""
    settled = Turn.objects.get(item=queued[0])
    Turn.objects.exclude(pk=settled.pk).update(points=-1)
    decide(at_desk, open_page(at_desk), LETTER_A)
    Turn.objects.filter(state=TurnState.LOCKED).update(state=TurnState.WAITING, person="", locked_until=None)
    Turn.objects.filter(opinion=Opinion.SECOND).update(points=1000)
    other = sign_in(other_analyst)
    decide(other, open_page(other), LETTER_A | {"severity": "C"})
    Turn.objects.filter(state=TurnState.LOCKED).update(state=TurnState.WAITING, person="", locked_until=None)
    Turn.objects.filter(opinion=Opinion.THIRD).update(points=-2)
    at_seniors = sign_in(senior)
    open_page(at_seniors)
    assert ahead(at_seniors) is not None, "a blind one comes first"
    Turn.objects.filter(opinion=Opinion.THIRD).update(points=1000)
    assert ahead(at_seniors) is None


def test_the_page_of_a_second_opinion_made_ahead_does_not_tell_that_it_is_one(
    at_desk: Client, other_analyst: Person, sign_in: Callable[[Person], Client], queued: list[Item]
) -> None:
    decide(at_desk, open_page(at_desk), LETTER_A)
    Turn.objects.filter(state=TurnState.LOCKED).update(state=TurnState.WAITING, person="", locked_until=None)
    Turn.objects.filter(opinion=Opinion.SECOND).update(points=-1)
    other = sign_in(other_analyst)
    open_page(other)
    Turn.objects.filter(opinion=Opinion.SECOND).update(points=1000)
    made = ahead(other)
    assert made is not None
    assert Turn.objects.get(pk=made["turn"]).opinion == Opinion.SECOND
    main = str(made["page"]).partition("<main")[2].partition("</main")[0]
    assert not any(word in main for word in ("Pseudo-photograph", "second", "opinion"))
    assert all("checked" in box for box in re.findall(r'<input [^>]*value="not_determined"[^>]*>', main))


def test_what_was_said_to_a_person_is_not_used_up_by_a_page_made_ahead(at_desk: Client, queued: list[Item]) -> None:
    carried = open_page(at_desk)
    at_desk.post(reverse("desk_assess"), form_of(carried))
    ahead(at_desk)
    assert "Decided." in at_desk.get(reverse("desk_assess")).content.decode()


def test_an_undone_decision_gives_back_what_came_after_it(
    at_desk: Client, other_analyst: Person, sign_in: SignIn, queued: list[Item]
) -> None:
    form = form_of(open_page(at_desk))
    turn = turn_ahead(at_desk)
    seen_by(at_desk, form)
    at_desk.post(reverse("desk_undo"), {"assessment": Assessment.objects.get().public_id}, headers=IN_PLACE)
    assert Turn.objects.get(state=TurnState.LOCKED).pk == int(form["turn"])
    assert open_page(sign_in(other_analyst))["turn"] == str(turn.pk)


@pytest.mark.parametrize("way", ["desk_skip", "desk_swap"])
def test_skipping_and_swapping_bring_the_page_made_ahead(at_desk: Client, queued: list[Item], way: str) -> None:
    form = {"turn": open_page(at_desk)["turn"]}
    turn = turn_ahead(at_desk)
    page = at_desk.post(reverse(way), form, headers=IN_PLACE).content.decode()
    assert f'name="turn" value="{turn.pk}"' in page
    assert Turn.objects.get(state=TurnState.LOCKED) == turn


def test_who_leaves_gives_both_back_by_the_clock(
    at_desk: Client, other_analyst: Person, sign_in: SignIn, queued: list[Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing has to be heard of a browser: what it held ahead is reserved for five minutes and no longer."""
    open_page(at_desk)
    made = ahead(at_desk)
    assert made is not None
    assert made["seconds"] == RESERVED.total_seconds()
    Turn.objects.filter(reserved_until__isnull=False).update(reserved_until=now() - timedelta(seconds=1))
    assert open_page(sign_in(other_analyst))["turn"] == str(made["turn"])
