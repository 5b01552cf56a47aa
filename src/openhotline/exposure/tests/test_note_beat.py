"""A look goes on while its page says so, and ends when it says nothing more."""

from datetime import datetime, timedelta

import pytest

from openhotline.accounts.models import Person
from openhotline.core.errors import NotNow
from openhotline.exposure.models import View
from openhotline.exposure.queries import looks_of
from openhotline.exposure.services.end_view import end_view
from openhotline.exposure.services.note_beat import note_beat

pytestmark = pytest.mark.django_db


def test_a_look_that_is_over_does_not_go_on(on_screen: str, analyst: Person, now: datetime) -> None:
    end_view(token=on_screen, seconds=2, session="s", actor=analyst, now=now + timedelta(seconds=2))
    with pytest.raises(NotNow, match="over"):
        note_beat(token=on_screen, session="s", actor=analyst, now=now + timedelta(seconds=3))


@pytest.mark.parametrize(("session", "who"), [("other", "mine"), ("s", "a colleague")])
def test_another_session_or_person_keeps_nothing_alive(
    on_screen: str, analyst: Person, other_analyst: Person, now: datetime, session: str, who: str
) -> None:
    with pytest.raises(NotNow):
        note_beat(token=on_screen, session=session, actor=analyst if who == "mine" else other_analyst, now=now)


def test_a_break_that_falls_due_hides_what_is_held(on_screen: str, analyst: Person, now: datetime) -> None:
    at = now - timedelta(minutes=55)
    View.objects.create(
        grant="before", granted_at=at, shown_at=at, seconds=49 * 60, kind="reveal", size=1, subject="itm_b",
        person=analyst.public_id,
    )  # fmt: skip
    note_beat(token=on_screen, session="s", actor=analyst, now=now + timedelta(seconds=30))
    with pytest.raises(NotNow, match="break"):
        note_beat(token=on_screen, session="s", actor=analyst, now=now + timedelta(seconds=61))


def test_a_look_that_is_heard_of_counts_up_to_now(on_screen: str, analyst: Person, now: datetime) -> None:
    note_beat(token=on_screen, session="s", actor=analyst, now=now + timedelta(seconds=6))
    assert looks_of(analyst.public_id, now + timedelta(seconds=8))[-1].seconds == 8
