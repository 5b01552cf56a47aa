"""The second of two people approves exactly what was asked."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from openhotline.accounts import policies
from openhotline.accounts.errors import ApprovalVoid, NeedsTwoPeople
from openhotline.accounts.models import Approval, Person
from openhotline.accounts.services.approve import approve
from openhotline.accounts.services.ask_approval import ask_approval
from openhotline.accounts.states import ApprovalState
from openhotline.core.errors import NotAllowed

pytestmark = pytest.mark.django_db
MANIFEST = "a" * 64


@pytest.fixture
def asked(senior: Person, now: datetime) -> Approval:
    """A release that the senior wants approved."""
    return ask_approval(purpose="release", subject="rel_1", manifest_sha256=MANIFEST, actor=senior, now=now)


def test_another_person_approves(asked: Approval, manager: Person, now: datetime) -> None:
    done = approve(approval_id=asked.pk, manifest_sha256=MANIFEST, actor=manager, now=now)
    assert (done.state, done.approved_by) == ("approved", manager.public_id)


def test_nobody_approves_what_they_asked_for(asked: Approval, senior: Person, now: datetime) -> None:
    with pytest.raises(NeedsTwoPeople):
        approve(approval_id=asked.pk, manifest_sha256=MANIFEST, actor=senior, now=now)


def test_an_analyst_does_not_approve(asked: Approval, analyst: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed, match="does not approve"):
        approve(approval_id=asked.pk, manifest_sha256=MANIFEST, actor=analyst, now=now)


def test_a_changed_manifest_is_void(asked: Approval, manager: Person, now: datetime) -> None:
    with pytest.raises(ApprovalVoid, match="has changed"):
        approve(approval_id=asked.pk, manifest_sha256="b" * 64, actor=manager, now=now)


def test_it_expires_after_a_day(asked: Approval, manager: Person, now: datetime) -> None:
    with pytest.raises(ApprovalVoid):
        approve(approval_id=asked.pk, manifest_sha256=MANIFEST, actor=manager, now=now + timedelta(hours=24))


def test_it_is_used_once(asked: Approval, manager: Person, now: datetime) -> None:
    approve(approval_id=asked.pk, manifest_sha256=MANIFEST, actor=manager, now=now)
    with pytest.raises(ApprovalVoid):
        approve(approval_id=asked.pk, manifest_sha256=MANIFEST, actor=manager, now=now)


def test_planted_bug_without_the_policy_the_database_still_refuses_one_person(
    asked: Approval, senior: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the check taken away the same person gets as far as the constraint, and no further."""
    monkeypatch.setattr("openhotline.accounts.services.approve.check_can_approve", lambda *_: None)
    with pytest.raises(IntegrityError), transaction.atomic():
        approve(approval_id=asked.pk, manifest_sha256=MANIFEST, actor=senior, now=now)


def test_without_an_authority_nothing_is_fetched(now: datetime) -> None:
    with pytest.raises(policies.AuthorityMissing, match="no recorded authority"):
        policies.check_covers(None, now)


def _run_out(person: Person, now: datetime, what: str) -> None:
    Person.objects.filter(pk=person.pk).update(**{what: now.date() - timedelta(days=1)})
    person.refresh_from_db()


@pytest.mark.parametrize("what", ["vetted_until", "trained_until"])
def test_nobody_approves_what_leaves_with_dates_that_ran_out(
    asked: Approval, manager: Person, now: datetime, what: str
) -> None:
    _run_out(manager, now, what)
    with pytest.raises(NotAllowed, match="Approving this needs vetting and training that are in date"):
        approve(approval_id=asked.pk, manifest_sha256=MANIFEST, actor=manager, now=now)
    asked.refresh_from_db()
    assert asked.state == ApprovalState.ASKED


def test_planted_bug_without_the_gate_they_would_approve(
    asked: Approval, manager: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    _run_out(manager, now, "vetted_until")
    monkeypatch.setattr(policies, "is_in_date", lambda *_: True)
    approve(approval_id=asked.pk, manifest_sha256=MANIFEST, actor=manager, now=now)


def test_who_comes_in_and_the_keys_wait_for_no_date(manager: Person, operator: Person, now: datetime) -> None:
    """What keeps the installation safe is no work on evidence: a hotline whose dates ran out can still close a door."""
    _run_out(operator, now, "trained_until")
    asked = ask_approval(purpose="key_work", subject="wrk_1", manifest_sha256=MANIFEST, actor=manager, now=now)
    approve(approval_id=asked.pk, manifest_sha256=MANIFEST, actor=operator, now=now)
