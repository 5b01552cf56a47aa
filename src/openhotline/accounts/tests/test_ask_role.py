"""One person asks that another gets a different role."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from openhotline.accounts.errors import InvitationOver
from openhotline.accounts.models import Approval, Person
from openhotline.accounts.services.ask_role import ask_role
from openhotline.accounts.services.disable_person import disable_person
from openhotline.accounts.services.join import open_invitation
from openhotline.accounts.states import Role
from openhotline.audit.models import Record
from openhotline.core.errors import NotAllowed, NotNow

pytestmark = pytest.mark.django_db


def test_nothing_is_another_until_a_second_person_agrees(
    at_work: Client, analyst: Person, manager: Person, now: datetime
) -> None:
    ask_role(person_id=analyst.pk, role=Role.MANAGER, actor=manager, now=now)
    analyst.refresh_from_db()
    assert (analyst.role, at_work.get("/desk/").status_code) == ("analyst", 200)


def test_it_waits_for_a_day_and_the_log_says_from_what_to_what(analyst: Person, manager: Person, now: datetime) -> None:
    change = ask_role(person_id=analyst.pk, role=Role.SENIOR, actor=manager, now=now)
    asked = Approval.objects.get(subject=analyst.public_id)
    assert (asked.manifest_sha256, asked.expires_at) == (change.manifest_sha256, now + timedelta(days=1))
    assert Record.objects.get(action="role_asked").detail == {"from": "analyst", "to": "senior_analyst"}


def test_the_role_they_have_is_not_asked_for(analyst: Person, manager: Person, now: datetime) -> None:
    with pytest.raises(NotNow, match="is analyst already"):
        ask_role(person_id=analyst.pk, role=Role.ANALYST, actor=manager, now=now)


def test_who_has_not_come_in_yet_needs_a_new_link(invited: tuple[Person, str], manager: Person, now: datetime) -> None:
    """The old one could let nobody in any more, and would promise that it may."""
    sam, token = invited
    ask_role(person_id=sam.pk, role=Role.SENIOR, actor=manager, now=now)
    with pytest.raises(InvitationOver):
        open_invitation(token, now)


@pytest.mark.parametrize("who", ["manager", "senior", "operator"])
def test_only_another_manager_asks(request: pytest.FixtureRequest, manager: Person, who: str, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        ask_role(person_id=manager.pk, role=Role.ANALYST, actor=request.getfixturevalue(who), now=now)


def test_asking_for_another_role_makes_the_first_void(analyst: Person, manager: Person, now: datetime) -> None:
    for role in (Role.SENIOR, Role.AUDITOR):
        ask_role(person_id=analyst.pk, role=role, actor=manager, now=now)
    assert list(Approval.objects.order_by("pk").values_list("state", flat=True)) == ["void", "asked"]


@pytest.mark.parametrize("how", ["the command line changes the role", "they are disabled"])
def test_what_is_done_to_them_meanwhile_makes_it_void(
    analyst: Person, manager: Person, now: datetime, how: str
) -> None:
    ask_role(person_id=analyst.pk, role=Role.SENIOR, actor=manager, now=now)
    if how == "they are disabled":
        disable_person(person_id=analyst.pk, actor=manager, now=now)
    else:
        ask_role(person_id=analyst.pk, role=Role.AUDITOR, actor=None, now=now)
    assert Approval.objects.get(subject=analyst.public_id).state == "void"
