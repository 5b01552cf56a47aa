"""Following a link."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from openhotline.accounts.errors import InvitationOver
from openhotline.accounts.models import Invitation, Person
from openhotline.accounts.services import join as module
from openhotline.accounts.services.invite_again import invite_again
from openhotline.accounts.services.join import join

pytestmark = pytest.mark.django_db
GOOD = "seven quiet herons at noon"


def test_they_work_here_from_then_on(invited: tuple[Person, str], stranger: Client, now: datetime) -> None:
    join(token=invited[1], password=GOOD, now=now)
    assert stranger.login(username="sam", password=GOOD)


def test_a_link_works_once(invited: tuple[Person, str], now: datetime) -> None:
    join(token=invited[1], password=None, now=now)
    with pytest.raises(InvitationOver, match="was used, replaced or is older"):
        join(token=invited[1], password=None, now=now)


def test_a_link_works_for_three_days(invited: tuple[Person, str], now: datetime) -> None:
    with pytest.raises(InvitationOver):
        join(token=invited[1], password=None, now=now + timedelta(hours=72))
    assert join(token=invited[1], password=None, now=now + timedelta(hours=71)).is_active


def test_a_newer_link_replaces_it(invited: tuple[Person, str], manager: Person, now: datetime) -> None:
    invite_again(person_id=invited[0].pk, actor=manager, now=now)
    with pytest.raises(InvitationOver):
        join(token=invited[1], password=None, now=now)


def test_used_expired_and_never_made_look_the_same(stranger: Client) -> None:
    here = stranger.get(reverse("join", args=["never-made"]))
    assert here.status_code == 404
    assert "was used, replaced or is older" in here.content.decode()


def test_looking_at_the_page_does_not_use_it_up(stranger: Client, link: str) -> None:
    here = stranger.get(link)
    assert "Welcome, Sam" in here.content.decode()
    assert Invitation.objects.get().ended_at is None


def test_a_short_password_is_refused_and_the_link_stays(stranger: Client, link: str) -> None:
    answer = stranger.post(link, {"password": "short"})
    assert "at least 14 characters" in answer.content.decode()
    assert Invitation.objects.get().ended_at is None


def test_planted_bug_a_link_that_is_not_ended_is_taken_twice(
    invited: tuple[Person, str], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the look-up blind to what has ended, the row's own end still refuses the second."""
    invitation = Invitation.objects.get()
    monkeypatch.setattr(module, "open_invitation", lambda *_: invitation)
    join(token=invited[1], password=None, now=now)
    with pytest.raises(InvitationOver):
        join(token=invited[1], password=None, now=now)
