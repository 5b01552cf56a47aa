"""Following a link."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from openhotline.accounts.errors import InvitationOver, NotApproved
from openhotline.accounts.models import Invitation, Person
from openhotline.accounts.services import join as module
from openhotline.accounts.services.invite_again import invite_again
from openhotline.accounts.services.invite_person import invite_person
from openhotline.accounts.services.join import join
from openhotline.accounts.states import Role
from openhotline.accounts.tests.conftest import Agree
from openhotline.core.clock import now as clock_now

pytestmark = pytest.mark.django_db
GOOD = "seven quiet herons at noon"


def test_they_work_here_from_then_on(welcome: str, stranger: Client, now: datetime) -> None:
    join(token=welcome, password=GOOD, now=now)
    assert stranger.login(username="sam", password=GOOD)


def test_a_link_works_once(welcome: str, now: datetime) -> None:
    join(token=welcome, password=None, now=now)
    with pytest.raises(InvitationOver, match="was used, replaced or is older"):
        join(token=welcome, password=None, now=now)


def test_a_link_and_its_approval_hold_for_three_days(welcome: str, now: datetime) -> None:
    with pytest.raises(InvitationOver):
        join(token=welcome, password=None, now=now + timedelta(hours=72))
    assert join(token=welcome, password=None, now=now + timedelta(hours=71)).is_active


def test_nobody_comes_in_before_a_second_person_agreed(
    invited: tuple[Person, str], agree: Agree, now: datetime
) -> None:
    with pytest.raises(NotApproved, match="second person has not approved"):
        join(token=invited[1], password=None, now=now)
    agree(invited[0])
    assert join(token=invited[1], password=None, now=now).is_active


def test_the_link_says_that_it_waits_and_asks_for_nothing(stranger: Client, manager: Person) -> None:
    _, token = invite_person(
        username="kim", name="Kim", role=Role.ANALYST, practice=settings.PRACTICE, actor=manager, now=clock_now()
    )
    for page in (stranger.get(reverse("join", args=[token])), stranger.post(reverse("join", args=[token]))):
        assert "a second person at the hotline has to agree" in page.content.decode()
        assert 'name="password"' not in page.content.decode()


def test_an_approval_is_of_one_link_and_one_person(
    invited: tuple[Person, str], welcome: str, manager: Person, now: datetime
) -> None:
    _, newer = invite_again(person_id=invited[0].pk, actor=manager, now=now)
    with pytest.raises(NotApproved, match="second person has not approved"):
        join(token=newer, password=None, now=now)


@pytest.mark.parametrize("changed", [{"role": "manager"}, {"name": "Somebody else"}, {"username": "root"}])
def test_whoever_is_made_another_after_the_approval_does_not_come_in(
    welcome: str, changed: dict[str, str], now: datetime
) -> None:
    Person.objects.filter(username="sam").update(**changed)
    with pytest.raises(NotApproved, match="is not this grant of a role"):
        join(token=welcome, password=None, now=now)


def test_who_was_invited_from_the_command_line_needs_no_second_person(db: None, now: datetime) -> None:
    _, token = invite_person(username="kim", name="Kim", role=Role.MANAGER, practice=True, actor=None, now=now)
    assert join(token=token, password=None, now=now).is_active


def test_planted_bug_without_the_use_of_the_approval_one_manager_lets_anybody_in(
    invited: tuple[Person, str], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With it taken out, the link that nobody approved lets Sam in: what the test above would see."""
    monkeypatch.setattr(module, "use_approval", lambda **_: None)
    assert join(token=invited[1], password=None, now=now).is_active


def test_a_newer_link_replaces_it(invited: tuple[Person, str], welcome: str, manager: Person, now: datetime) -> None:
    invite_again(person_id=invited[0].pk, actor=manager, now=now)
    with pytest.raises(InvitationOver):
        join(token=welcome, password=None, now=now)


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
    welcome: str, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the look-up blind to what has ended, the row's own end still refuses the second."""
    invitation = Invitation.objects.get()
    monkeypatch.setattr(module, "open_invitation", lambda *_: invitation)
    join(token=welcome, password=None, now=now)
    with pytest.raises(InvitationOver):
        join(token=welcome, password=None, now=now)
