"""What two people signed is carried out once, while both still may."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from openhotline.accounts import policies
from openhotline.accounts.errors import NotApproved
from openhotline.accounts.models import Approval, Person
from openhotline.accounts.services import use_approval as operation
from openhotline.accounts.services.approve import approve
from openhotline.accounts.services.ask_approval import ask_approval
from openhotline.accounts.services.use_approval import use_approval
from openhotline.accounts.states import ApprovalState, PersonState, Role
from openhotline.core.errors import NotAllowed

pytestmark = pytest.mark.django_db
MANIFEST = "a" * 64


@pytest.fixture
def asked(senior: Person, now: datetime) -> Approval:
    """A release that the senior wants approved."""
    return ask_approval(purpose="release", subject="rel_1", manifest_sha256=MANIFEST, actor=senior, now=now)


@pytest.fixture
def signed(asked: Approval, manager: Person, now: datetime) -> Approval:
    """The same, which the manager has approved."""
    return approve(approval_id=asked.pk, manifest_sha256=MANIFEST, actor=manager, now=now)


def use(actor: Person, now: datetime, manifest: str = MANIFEST) -> Approval:
    return use_approval(purpose="release", subject="rel_1", manifest_sha256=manifest, actor=actor, now=now)


def fail_half_way(actor: Person, now: datetime) -> None:
    with transaction.atomic():
        use(actor, now)
        raise OSError("The disk is full.")


def test_it_is_used_once(signed: Approval, senior: Person, now: datetime) -> None:
    assert use(senior, now).state == ApprovalState.USED
    with pytest.raises(NotApproved, match="carried out once"):
        use(senior, now)


def test_what_fails_half_way_leaves_it_unused(signed: Approval, senior: Person, now: datetime) -> None:
    with pytest.raises(OSError, match="disk is full"):
        fail_half_way(senior, now)
    signed.refresh_from_db()
    assert signed.state == ApprovalState.APPROVED


def test_without_a_second_person_nothing_is_carried_out(asked: Approval, senior: Person, now: datetime) -> None:
    with pytest.raises(NotApproved, match="a list manager or a manager or a senior analyst"):
        use(senior, now)


def test_what_nobody_asked_for_is_not_carried_out(senior: Person, now: datetime) -> None:
    with pytest.raises(NotApproved, match="second person"):
        use(senior, now)


def test_another_manifest_is_not_what_was_signed(signed: Approval, senior: Person, now: datetime) -> None:
    with pytest.raises(NotApproved, match="is not this release"):
        use(senior, now, "b" * 64)


def test_it_holds_for_a_day(signed: Approval, senior: Person, now: datetime) -> None:
    with pytest.raises(NotApproved, match="expired"):
        use(senior, now + timedelta(days=1))


def test_who_may_approve_no_longer_has_not_approved(
    signed: Approval, senior: Person, manager: Person, now: datetime
) -> None:
    Person.objects.filter(pk=manager.pk).update(role=Role.ANALYST)
    with pytest.raises(NotApproved, match="may no longer approve"):
        use(senior, now)


@pytest.mark.parametrize("left", ["senior", "manager"])
def test_who_left_has_signed_nothing(signed: Approval, senior: Person, now: datetime, left: str) -> None:
    Person.objects.filter(username=left).update(is_active=False, state=PersonState.DISABLED)
    with pytest.raises(NotApproved):
        use(senior, now)


@pytest.mark.parametrize("who", ["senior", "manager"])
def test_whose_dates_ran_out_since_has_signed_nothing_that_leaves(
    signed: Approval, senior: Person, other_analyst: Person, now: datetime, who: str
) -> None:
    Person.objects.filter(username=who).update(vetted_until=now.date() - timedelta(days=1))
    with pytest.raises(NotApproved, match=f"of {who.title()}, who signed this, is not in date"):
        use(other_analyst, now)


def test_nobody_carries_out_what_leaves_with_dates_that_ran_out(
    signed: Approval, other_analyst: Person, now: datetime
) -> None:
    Person.objects.filter(pk=other_analyst.pk).update(trained_until=None)
    other_analyst.refresh_from_db()
    with pytest.raises(NotAllowed, match=r"Carrying out this release needs .* No training is recorded"):
        use(other_analyst, now)


def test_planted_bug_without_the_dates_both_would_go_on(
    signed: Approval, senior: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    Person.objects.update(vetted_until=None)
    monkeypatch.setattr(policies, "is_in_date", lambda *_: True)
    assert use(senior, now).state == ApprovalState.USED


def test_planted_bug_without_the_checks_the_database_wants_the_second_signature(
    asked: Approval, senior: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operation, "check_approved", lambda *_: None)
    monkeypatch.setattr(operation, "check_signers", lambda *_: None)
    with pytest.raises(IntegrityError), transaction.atomic():
        use(senior, now)
