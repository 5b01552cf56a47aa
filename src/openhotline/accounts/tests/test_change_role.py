"""Another role."""

from datetime import datetime

import pytest
from django.test import Client

from openhotline.accounts.models import Person
from openhotline.accounts.services.change_role import change_role
from openhotline.accounts.states import Role
from openhotline.audit.models import Record
from openhotline.core.errors import NotAllowed

pytestmark = pytest.mark.django_db


def test_the_session_dies_with_the_next_request(
    at_work: Client, analyst: Person, manager: Person, now: datetime
) -> None:
    assert at_work.get("/desk/queue/").status_code == 200
    change_role(person_id=analyst.pk, role=Role.AUDITOR, actor=manager, now=now)
    assert at_work.get("/desk/queue/")["Location"].startswith("/desk/sign-in/")


def test_going_back_does_not_bring_the_session_back(
    at_work: Client, analyst: Person, manager: Person, now: datetime
) -> None:
    for role in (Role.AUDITOR, Role.ANALYST):
        change_role(person_id=analyst.pk, role=role, actor=manager, now=now)
    assert at_work.get("/desk/").status_code == 302


def test_the_log_says_from_what_to_what(analyst: Person, manager: Person, now: datetime) -> None:
    change_role(person_id=analyst.pk, role=Role.SENIOR, actor=manager, now=now)
    assert Record.objects.get(action="role_changed").detail == {"from": "analyst", "to": "senior_analyst"}


def test_the_same_role_changes_nothing(at_work: Client, analyst: Person, manager: Person, now: datetime) -> None:
    change_role(person_id=analyst.pk, role=Role.ANALYST, actor=manager, now=now)
    assert at_work.get("/desk/").status_code == 200


@pytest.mark.parametrize("who", ["manager", "senior"])
def test_only_another_manager_may(request: pytest.FixtureRequest, manager: Person, who: str, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        change_role(person_id=manager.pk, role=Role.ANALYST, actor=request.getfixturevalue(who), now=now)


def test_planted_bug_without_the_epoch_and_the_role_in_the_hash_the_session_lives(
    at_work: Client, analyst: Person, manager: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With sessions compared by password alone, as Django does, the first test would see 403 and no sign-in."""
    monkeypatch.setattr(Person, "get_session_auth_hash", lambda person: person.password[-20:])
    at_work.force_login(analyst)
    change_role(person_id=analyst.pk, role=Role.AUDITOR, actor=manager, now=now)
    assert at_work.get("/desk/").status_code == 200
