"""Following a link."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from openhotline.accounts.errors import InvitationOver, NotApproved, WrongCode
from openhotline.accounts.models import Invitation, Person
from openhotline.accounts.services import join as module
from openhotline.accounts.services.invite_again import invite_again
from openhotline.accounts.services.invite_person import invite_person
from openhotline.accounts.services.join import join
from openhotline.accounts.states import Role
from openhotline.accounts.tests.conftest import Agree, Welcome
from openhotline.core.clock import now as clock_now

pytestmark = pytest.mark.django_db
GOOD = "seven quiet herons at noon"


def test_they_work_here_from_then_on(welcome: Welcome, stranger: Client, now: datetime) -> None:
    join(**welcome._asdict(), password=GOOD, now=now)
    assert stranger.login(username="sam", password=GOOD)


def test_a_link_works_once(welcome: Welcome, now: datetime) -> None:
    join(**welcome._asdict(), password=None, now=now)
    with pytest.raises(InvitationOver, match="was used, replaced or is older"):
        join(**welcome._asdict(), password=None, now=now)


def test_a_link_and_its_approval_hold_for_three_days(welcome: Welcome, now: datetime) -> None:
    with pytest.raises(InvitationOver):
        join(**welcome._asdict(), password=None, now=now + timedelta(hours=72))
    assert join(**welcome._asdict(), password=None, now=now + timedelta(hours=71)).is_active


def test_nobody_comes_in_before_a_second_person_agreed(
    invited: tuple[Person, str], agree: Agree, now: datetime
) -> None:
    with pytest.raises(NotApproved, match="second person has not approved"):
        join(token=invited[1], code="", password=None, now=now)
    code = str(agree(invited[0]))
    assert join(token=invited[1], code=code, password=None, now=now).is_active


def test_the_link_says_that_it_waits_and_asks_for_nothing(stranger: Client, manager: Person) -> None:
    _, token = invite_person(
        username="kim", name="Kim", role=Role.ANALYST, practice=settings.PRACTICE, actor=manager, now=clock_now()
    )
    for page in (stranger.get(reverse("join", args=[token])), stranger.post(reverse("join", args=[token]))):
        assert "a second person at the hotline has to agree" in page.content.decode()
        assert 'name="password"' not in page.content.decode()


def test_an_approval_is_of_one_link_and_one_person(
    invited: tuple[Person, str], welcome: Welcome, manager: Person, now: datetime
) -> None:
    _, newer = invite_again(person_id=invited[0].pk, actor=manager, now=now)
    with pytest.raises(NotApproved, match="second person has not approved"):
        join(token=newer, code=welcome.code, password=None, now=now)


@pytest.mark.parametrize("changed", [{"role": "manager"}, {"name": "Somebody else"}, {"username": "root"}])
def test_whoever_is_made_another_after_the_approval_does_not_come_in(
    welcome: Welcome, changed: dict[str, str], now: datetime
) -> None:
    Person.objects.filter(username="sam").update(**changed)
    with pytest.raises(NotApproved, match="is not this grant of a role"):
        join(**welcome._asdict(), password=None, now=now)


def test_who_was_invited_from_the_command_line_needs_no_second_person(db: None, now: datetime) -> None:
    _, token = invite_person(username="kim", name="Kim", role=Role.MANAGER, practice=True, actor=None, now=now)
    assert join(token=token, code="", password=None, now=now).is_active


def test_planted_bug_without_the_use_of_the_approval_one_manager_lets_anybody_in(
    invited: tuple[Person, str], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With it taken out, the link that nobody approved lets Sam in: what the test above would see."""
    monkeypatch.setattr(module, "use_approval", lambda **_: None)
    monkeypatch.setattr(Invitation, "opens_with", lambda *_: True)
    assert join(token=invited[1], code="", password=None, now=now).is_active


def test_a_newer_link_replaces_it(
    invited: tuple[Person, str], welcome: Welcome, manager: Person, now: datetime
) -> None:
    invite_again(person_id=invited[0].pk, actor=manager, now=now)
    with pytest.raises(InvitationOver):
        join(**welcome._asdict(), password=None, now=now)


def test_used_expired_and_never_made_look_the_same(stranger: Client) -> None:
    here = stranger.get(reverse("join", args=["never-made"]))
    assert here.status_code == 404
    assert "was used, replaced or is older" in here.content.decode()


def test_looking_at_the_page_does_not_use_it_up(stranger: Client, link: Welcome) -> None:
    here = stranger.get(link.token)
    assert "Welcome, Sam" in here.content.decode()
    assert 'name="password"' not in here.content.decode()
    assert Invitation.objects.get().ended_at is None


def test_a_short_password_is_refused_and_the_link_stays(stranger: Client, link: Welcome) -> None:
    answer = stranger.post(link.token, {"code": link.code, "password": "short"})
    assert "at least 14 characters" in answer.content.decode()
    assert Invitation.objects.get().ended_at is None


def test_planted_bug_a_link_that_is_not_ended_is_taken_twice(
    welcome: Welcome, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the look-up blind to what has ended, the row's own end still refuses the second."""
    invitation = Invitation.objects.get()
    monkeypatch.setattr(module, "open_invitation", lambda *_: invitation)
    join(**welcome._asdict(), password=None, now=now)
    with pytest.raises(InvitationOver):
        join(**welcome._asdict(), password=None, now=now)


def test_who_has_the_link_alone_does_not_come_in(welcome: Welcome, now: datetime) -> None:
    """As whoever asked for it, who has seen it; the link stays good for the person it is of."""
    for code in ("", "aaaa-aaaa", welcome.token):
        with pytest.raises(WrongCode, match="not the code of this link"):
            join(token=welcome.token, code=code, password=None, now=now)
    assert join(**welcome._asdict(), password=None, now=now).is_active


def test_planted_bug_without_the_code_whoever_asked_for_the_link_comes_in(
    welcome: Welcome, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Invitation, "opens_with", lambda *_: True)
    assert join(token=welcome.token, code="", password=None, now=now).is_active


def test_the_code_of_another_link_does_not_open_this_one(
    invited: tuple[Person, str], welcome: Welcome, agree: Agree, manager: Person, now: datetime
) -> None:
    _, newer = invite_again(person_id=invited[0].pk, actor=manager, now=now)
    agree(invited[0])
    with pytest.raises(WrongCode):
        join(token=newer, code=welcome.code, password=None, now=now)


def test_a_link_that_was_approved_before_there_were_codes_opens_no_more(welcome: Welcome, now: datetime) -> None:
    Invitation.objects.update(code_hash="")
    with pytest.raises(WrongCode):
        join(token=welcome.token, code="", password=None, now=now)


def test_by_page_with_the_code_as_somebody_types_it(stranger: Client, link: Welcome) -> None:
    typed = link.code.upper().replace("-", " ")
    chosen = stranger.post(link.token, {"code": typed}).content.decode()
    assert 'name="password"' in chosen
    assert stranger.post(link.token, {"code": typed, "password": GOOD}).status_code == 302
    assert Person.objects.get(username="sam").is_active


def test_a_wrong_code_by_page_is_said_beside_the_field(stranger: Client, link: Welcome) -> None:
    for posted in ({"code": "aaaa-aaaa"}, {"code": "aaaa-aaaa", "passkey": ""}, {"passkey": ""}, {"password": GOOD}):
        page = stranger.post(link.token, posted).content.decode()
        assert 'name="code"' in page
        assert 'name="password"' not in page
    assert "not the code of this link" in stranger.post(link.token, {"code": "b"}).content.decode()
