"""Somebody is invited."""

from datetime import datetime

import pytest

from openhotline.accounts.errors import NameTaken
from openhotline.accounts.models import Approval, Invitation, Person
from openhotline.accounts.services.invite_person import invite_person
from openhotline.accounts.states import Role
from openhotline.audit.models import Record
from openhotline.core.errors import NotAllowed

pytestmark = pytest.mark.django_db


def test_the_role_is_fixed_and_the_link_is_kept_as_a_hash(invited: tuple[Person, str]) -> None:
    person, token = invited
    assert (person.role, person.state, person.is_active) == ("analyst", "invited", False)
    assert token not in str(list(Invitation.objects.values()))


def test_the_log_knows_them_by_id_only(invited: tuple[Person, str], manager: Person) -> None:
    row = Record.objects.get(action="person_invited")
    assert (row.actor, row.subject) == (manager.public_id, invited[0].public_id)
    assert row.detail == {"role": "analyst", "alone": False}


def test_only_a_manager_invites(senior: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed, match="does not invite"):
        invite_person(username="x", name="X", role=Role.MANAGER, practice=True, actor=senior, now=now)
    assert not Person.objects.filter(username="x").exists()


def test_the_first_manager_comes_in_by_the_command_line(db: None, now: datetime) -> None:
    person, _ = invite_person(username="kim", name="Kim", role=Role.MANAGER, practice=False, actor=None, now=now)
    row = Record.objects.get(subject=person.public_id)
    assert (row.actor, row.detail) == ("command_line", {"role": "manager", "alone": True})


def test_a_second_person_is_asked_for_as_long_as_the_link_is_good(invited: tuple[Person, str]) -> None:
    asked = Approval.objects.get(subject=invited[0].public_id)
    assert (asked.purpose, asked.state) == ("role", "asked")
    assert asked.expires_at == Invitation.objects.get().expires_at


def test_a_name_is_taken_once(invited: tuple[Person, str], manager: Person, now: datetime) -> None:
    with pytest.raises(NameTaken, match="“sam” already"):
        invite_person(username="sam", name="Sam", role=Role.MANAGER, practice=True, actor=manager, now=now)


def test_who_comes_new_is_neither_vetted_nor_trained(invited: tuple[Person, str]) -> None:
    assert (invited[0].vetted_until, invited[0].trained_until) == (None, None)
