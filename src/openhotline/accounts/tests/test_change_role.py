"""Another role."""

from datetime import datetime

import pytest
from django.test import Client

from openhotline.accounts.errors import ApprovalVoid, InvitationOver, NotApproved
from openhotline.accounts.models import Invitation, Person
from openhotline.accounts.services import change_role as module
from openhotline.accounts.services.ask_role import ask_role
from openhotline.accounts.services.change_role import change_role
from openhotline.accounts.services.join import join
from openhotline.accounts.states import Role
from openhotline.accounts.tests.conftest import Agree, Welcome
from openhotline.audit.models import Record

pytestmark = pytest.mark.django_db


@pytest.fixture
def change(analyst: Person, manager: Person, now: datetime) -> int:
    """The manager asks that the analyst becomes an auditor."""
    return ask_role(person_id=analyst.pk, role=Role.AUDITOR, actor=manager, now=now).pk


def test_the_session_dies_with_the_next_request(at_work: Client, analyst: Person, change: int, agree: Agree) -> None:
    assert at_work.get("/desk/queue/").status_code == 200
    agree(analyst)
    assert at_work.get("/desk/queue/")["Location"].startswith("/desk/sign-in/")


def test_going_back_does_not_bring_the_session_back(
    at_work: Client, analyst: Person, manager: Person, agree: Agree, now: datetime
) -> None:
    for role in (Role.AUDITOR, Role.ANALYST):
        ask_role(person_id=analyst.pk, role=role, actor=manager, now=now)
        agree(analyst)
    assert at_work.get("/desk/").status_code == 302


def test_one_manager_changes_no_role(analyst: Person, manager: Person, change: int, now: datetime) -> None:
    with pytest.raises(NotApproved, match="second person has not approved"):
        change_role(change_id=change, actor=manager, now=now)
    analyst.refresh_from_db()
    assert analyst.role == "analyst"


def test_it_is_done_once(analyst: Person, manager: Person, change: int, agree: Agree, now: datetime) -> None:
    agree(analyst)
    with pytest.raises(ApprovalVoid, match="changed meanwhile"):
        change_role(change_id=change, actor=manager, now=now)


def test_the_command_line_acts_alone_and_the_log_says_so(analyst: Person, now: datetime) -> None:
    change = ask_role(person_id=analyst.pk, role=Role.SENIOR, actor=None, now=now)
    assert change_role(change_id=change.pk, actor=None, now=now).role == "senior_analyst"
    row = Record.objects.get(action="role_changed")
    assert (row.actor, row.detail["alone"]) == ("command_line", True)


def test_a_link_for_the_role_before_lets_nobody_in(
    invited: tuple[Person, str], welcome: Welcome, manager: Person, agree: Agree, now: datetime
) -> None:
    ask_role(person_id=invited[0].pk, role=Role.AUDITOR, actor=manager, now=now)
    with pytest.raises(InvitationOver):
        join(**welcome._asdict(), password=None, now=now)
    agree(invited[0])
    with pytest.raises(InvitationOver):
        join(**welcome._asdict(), password=None, now=now)


def test_nor_does_it_where_it_stayed_open(
    invited: tuple[Person, str], welcome: Welcome, manager: Person, now: datetime
) -> None:
    """What was approved of it is void, too."""
    ask_role(person_id=invited[0].pk, role=Role.AUDITOR, actor=manager, now=now)
    Invitation.objects.update(ended_at=None)
    with pytest.raises(NotApproved):
        join(**welcome._asdict(), password=None, now=now)


def test_planted_bug_without_the_use_of_the_approval_one_manager_is_enough(
    manager: Person, change: int, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With it taken out, the manager alone makes an auditor: what the third test would see."""
    monkeypatch.setattr(module, "use_approval", lambda **_: None)
    assert change_role(change_id=change, actor=manager, now=now).role == "auditor"


def test_planted_bug_without_the_epoch_and_the_role_in_the_hash_the_session_lives(
    at_work: Client, analyst: Person, change: int, agree: Agree, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With sessions compared by password alone, as Django does, the first test would see 403 and no sign-in."""
    monkeypatch.setattr(Person, "get_session_auth_hash", lambda person: person.password[-20:])
    at_work.force_login(analyst)
    agree(analyst)
    assert at_work.get("/desk/").status_code == 200
