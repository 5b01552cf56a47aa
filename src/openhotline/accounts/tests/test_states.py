"""Roles, permissions and the state of people, over every way there is."""

from datetime import datetime
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openhotline.accounts.errors import InvitationOver
from openhotline.accounts.models import Approval, Invitation, Person
from openhotline.accounts.services.disable_person import disable_person
from openhotline.accounts.services.invite_again import invite_again
from openhotline.accounts.services.invite_person import invite_person
from openhotline.accounts.services.join import join
from openhotline.accounts.states import (
    PERMISSIONS,
    PERSON_TRANSITIONS,
    ApprovalState,
    Permission,
    PersonState,
    Role,
    holders,
)
from openhotline.accounts.tests.conftest import Agree
from openhotline.core.errors import NotNow

OPERATIONS = ("invite_again", "disable_person", "join", "join by an old link")


def test_every_role_has_permissions_and_every_permission_a_holder() -> None:
    assert set(PERMISSIONS) == set(Role)
    assert [one for one in Permission if not holders(one)] == []


def test_who_manages_people_or_the_machine_looks_at_no_pictures() -> None:
    assert holders(Permission.ASSESS) == {Role.ANALYST, Role.SENIOR}
    assert holders(Permission.MANAGE_PEOPLE) == {Role.MANAGER}
    assert not PERMISSIONS[Role.OPERATOR] & {Permission.ASSESS, Permission.READ_REPORTS, Permission.MANAGE_PEOPLE}


def test_every_state_can_be_left_and_come_to() -> None:
    assert set(PERSON_TRANSITIONS) == set(PersonState)
    assert {goes for moves in PERSON_TRANSITIONS.values() for goes in moves.values()} == set(PersonState)


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(operations=st.lists(st.sampled_from(OPERATIONS), max_size=8))
def test_whatever_happens_a_person_is_active_exactly_while_working(
    manager: Person, agree: Agree, now: datetime, operations: list[str]
) -> None:
    """And each step that was not refused ended every session; a link that was replaced never lets anybody in."""
    who = {"username": uuid4().hex, "name": "Sam", "role": Role.ANALYST}
    person, token = invite_person(**who, practice=True, actor=manager, now=now)
    old, code = token, ""
    for operation in operations:
        before = Person.objects.get(pk=person.pk)
        try:
            if operation == "invite_again":
                old, (_, token) = token, invite_again(person_id=person.pk, actor=manager, now=now)
            elif operation == "disable_person":
                disable_person(person_id=person.pk, actor=manager, now=now)
            else:
                if Approval.objects.filter(subject=person.public_id, state=ApprovalState.ASKED).exists():
                    code = str(agree(person))
                join(token=token if operation == "join" else old, code=code, password=None, now=now)
        except (NotNow, InvitationOver):
            assert Person.objects.get(pk=person.pk).get_session_auth_hash() == before.get_session_auth_hash()
            continue
        person.refresh_from_db()
        assert operation != "join by an old link" or old == token
        assert person.state == PERSON_TRANSITIONS[PersonState(before.state)][operation.split()[0]]
        assert person.is_active is (person.state == PersonState.WORKING)
        assert person.get_session_auth_hash() != before.get_session_auth_hash()
        assert Invitation.objects.filter(person=person, ended_at=None).count() == (person.state == PersonState.INVITED)
