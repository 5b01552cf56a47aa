"""What was asked for is not carried out after all."""

from datetime import datetime

import pytest

from openhotline.accounts.errors import ApprovalVoid, NotApproved
from openhotline.accounts.models import Approval, Person
from openhotline.accounts.services.approve import approve
from openhotline.accounts.services.ask_approval import ask_approval
from openhotline.accounts.services.use_approval import use_approval
from openhotline.accounts.services.withdraw_approval import withdraw_approval
from openhotline.core.errors import NotAllowed

pytestmark = pytest.mark.django_db
MANIFEST = "a" * 64


@pytest.fixture
def asked(senior: Person, now: datetime) -> Approval:
    """A release that the senior wants approved."""
    return ask_approval(purpose="release", subject="rel_1", manifest_sha256=MANIFEST, actor=senior, now=now)


def test_who_asked_may_withdraw(asked: Approval, senior: Person, manager: Person, now: datetime) -> None:
    withdraw_approval(approval_id=asked.pk, actor=senior, now=now)
    with pytest.raises(ApprovalVoid):
        approve(approval_id=asked.pk, manifest_sha256=MANIFEST, actor=manager, now=now)


def test_an_approval_withdrawn_after_it_was_given_carries_nothing_out(
    asked: Approval, senior: Person, manager: Person, now: datetime
) -> None:
    approve(approval_id=asked.pk, manifest_sha256=MANIFEST, actor=manager, now=now)
    withdraw_approval(approval_id=asked.pk, actor=manager, now=now)
    with pytest.raises(NotApproved):
        use_approval(purpose="release", subject="rel_1", manifest_sha256=MANIFEST, actor=senior, now=now)


def test_an_analyst_withdraws_nothing_of_others(asked: Approval, analyst: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed, match="Only who asked"):
        withdraw_approval(approval_id=asked.pk, actor=analyst, now=now)


def test_what_was_used_stays_used(asked: Approval, senior: Person, manager: Person, now: datetime) -> None:
    approve(approval_id=asked.pk, manifest_sha256=MANIFEST, actor=manager, now=now)
    use_approval(purpose="release", subject="rel_1", manifest_sha256=MANIFEST, actor=senior, now=now)
    with pytest.raises(ApprovalVoid, match="used or withdrawn"):
        withdraw_approval(approval_id=asked.pk, actor=manager, now=now)
