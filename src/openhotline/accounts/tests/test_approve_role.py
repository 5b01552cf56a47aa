"""The second of two people approves a role."""

import re
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from openhotline.accounts.errors import ApprovalVoid, NeedsTwoPeople, NotApproved
from openhotline.accounts.models import Approval, Person
from openhotline.accounts.queries import approvals_for
from openhotline.accounts.services.add_person import add_person
from openhotline.accounts.services.approve_role import approve_role
from openhotline.accounts.services.ask_role import ask_role
from openhotline.accounts.services.withdraw_approval import withdraw_approval
from openhotline.accounts.states import Role
from openhotline.accounts.tests.conftest import Agree
from openhotline.audit.models import Record
from openhotline.core.errors import NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def other_manager(db: None, now: datetime) -> Person:
    """A second manager."""
    return add_person(
        username="kim", name="Kim", role=Role.MANAGER, password=None, practice=True, actor="test", now=now
    )


@pytest.fixture
def asked(other_manager: Person, manager: Person, now: datetime) -> Approval:
    """The manager asks that the other manager becomes an auditor."""
    ask_role(person_id=other_manager.pk, role=Role.AUDITOR, actor=manager, now=now)
    return Approval.objects.get()


def sign(asked: Approval, actor: Person, now: datetime) -> Person | None:
    return approve_role(approval_id=asked.pk, manifest_sha256=asked.manifest_sha256, actor=actor, now=now)


def test_the_role_is_theirs_in_the_same_moment(asked: Approval, operator: Person, now: datetime) -> None:
    changed = sign(asked, operator, now)
    asked.refresh_from_db()
    assert changed is not None
    assert (changed.role, asked.state, asked.approved_by) == ("auditor", "used", operator.public_id)


def test_the_log_names_both_and_says_that_nobody_acted_alone(
    asked: Approval, manager: Person, operator: Person, now: datetime
) -> None:
    sign(asked, operator, now)
    who = {row.action: row.actor for row in Record.objects.filter(action__startswith="role_")}
    assert (who["role_approval_asked"], who["role_approved"]) == (manager.public_id, operator.public_id)
    assert Record.objects.get(action="role_changed").detail == {"from": "manager", "to": "auditor", "alone": False}


def test_who_asked_does_not_approve(asked: Approval, manager: Person, now: datetime) -> None:
    with pytest.raises(NeedsTwoPeople, match="You asked"):
        sign(asked, manager, now)


def test_nobody_approves_withdraws_or_sees_what_is_about_themselves(
    asked: Approval, other_manager: Person, now: datetime
) -> None:
    with pytest.raises(NeedsTwoPeople, match="about you"):
        sign(asked, other_manager, now)
    with pytest.raises(NotAllowed, match="about you"):
        withdraw_approval(approval_id=asked.pk, actor=other_manager, now=now)
    assert approvals_for(other_manager, now) == []


def test_it_holds_for_a_day(asked: Approval, operator: Person, now: datetime) -> None:
    with pytest.raises(ApprovalVoid, match="has expired"):
        sign(asked, operator, now + timedelta(days=1))


def test_a_senior_analyst_does_not_approve_it(asked: Approval, senior: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed, match="a manager or an operator does"):
        sign(asked, senior, now)


def test_what_has_changed_meanwhile_is_neither_signed_nor_done(
    asked: Approval, other_manager: Person, operator: Person, now: datetime
) -> None:
    Person.objects.filter(pk=other_manager.pk).update(role=Role.ANALYST)
    with pytest.raises(ApprovalVoid, match="has changed since"):
        sign(asked, operator, now)
    asked.refresh_from_db()
    assert (asked.state, Person.objects.get(pk=other_manager.pk).role) == ("asked", "analyst")


def test_who_may_ask_no_longer_has_not_asked(
    asked: Approval, manager: Person, other_manager: Person, operator: Person, now: datetime
) -> None:
    Person.objects.filter(pk=manager.pk).update(role=Role.ANALYST)
    with pytest.raises(NotApproved, match="may no longer ask"):
        sign(asked, operator, now)
    asked.refresh_from_db()
    assert asked.state == "asked"


def test_of_a_link_it_signs_and_no_more(invited: tuple[Person, str], agree: Agree) -> None:
    assert re.fullmatch(r"[a-z2-9]{4}-[a-z2-9]{4}", str(agree(invited[0])))
    assert Approval.objects.get(subject=invited[0].public_id).state == "approved"


@pytest.mark.parametrize("who", ["manager", "other_manager"])
def test_planted_bug_without_the_policy_the_database_still_refuses(
    request: pytest.FixtureRequest, asked: Approval, who: str, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the check taken away, who asked and whom it is about get as far as the constraint, and no further."""
    monkeypatch.setattr("openhotline.accounts.services.approve.check_can_approve", lambda *_: None)
    with pytest.raises(IntegrityError), transaction.atomic():
        sign(asked, request.getfixturevalue(who), now)
