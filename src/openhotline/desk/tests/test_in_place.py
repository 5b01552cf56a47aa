"""What the desk's script asks for: the next page in place of this one, once, also when it has to ask again."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from openhotline.accounts.models import Person
from openhotline.assessment.models import Assessment, Turn
from openhotline.core.clock import now
from openhotline.desk.panels import consequences, seal_of
from openhotline.desk.tests.conftest import SignIn
from openhotline.desk.tests.test_assess_page import NOT_CRIMINAL, open_page
from openhotline.evidence.models import Item
from openhotline.law.models import Facts

pytestmark = pytest.mark.django_db
IN_PLACE = {"X-In-Place": "yes"}


def form_of(carried: dict[str, str]) -> dict[str, str]:
    """Return a decision as the page sends it."""
    return {
        **carried,
        **NOT_CRIMINAL,
        "shown": seal_of(consequences(Facts.from_dict(NOT_CRIMINAL), now())),
        "decide": "yes",
    }


def test_the_next_picture_comes_in_the_same_answer(at_desk: Client, queued: list[Item]) -> None:
    carried = open_page(at_desk)
    answer = at_desk.post(reverse("desk_assess"), form_of(carried), headers=IN_PLACE)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Decided." in page
    assert "data-reveal-url" in page
    assert f'name="turn" value="{carried["turn"]}"' not in page


def test_a_decision_whose_answer_was_lost_is_sent_again_and_done_once(at_desk: Client, queued: list[Item]) -> None:
    form = form_of(open_page(at_desk))
    first, second = (at_desk.post(reverse("desk_assess"), form, headers=IN_PLACE).context["turn"] for _ in range(2))
    assert first == second
    assert Assessment.objects.count() == 1


def test_a_lock_that_ran_out_is_said_in_a_sentence_and_nothing_is_saved(at_desk: Client, queued: list[Item]) -> None:
    form = form_of(open_page(at_desk))
    Turn.objects.filter(pk=form["turn"]).update(locked_until=now() - timedelta(seconds=1))
    answer = at_desk.post(reverse("desk_assess"), form, headers=IN_PLACE)
    assert answer.status_code == 409
    assert "its ten minutes ran out" in answer.content.decode()
    assert not Assessment.objects.exists()


def test_the_tiles_of_what_comes_next_are_named_and_a_colleague_is_not_given_them(
    at_desk: Client, other_analyst: Person, sign_in: SignIn, queued: list[Item]
) -> None:
    open_page(at_desk)
    tiles = at_desk.post(reverse("desk_ahead")).json()["tiles"]
    assert len(tiles) == 2
    assert sign_in(other_analyst).post(reverse("desk_next")).headers["Location"] == reverse("desk_queue")


def test_what_stands_around_the_next_picture_comes_after_it(at_desk: Client, queued: list[Item]) -> None:
    """Counting what waits is no part of the wait for the next picture."""
    answer = at_desk.post(reverse("desk_assess"), form_of(open_page(at_desk)), headers=IN_PLACE).content.decode()
    assert "data-reveal-url" in answer
    assert '<nav class="nav"' not in answer
    assert '<nav class="nav"' in at_desk.post(reverse("desk_ahead")).json()["nav"]
