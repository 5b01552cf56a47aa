"""What was asked for at the command line is confirmed by who was named there, before a second person approves it."""

from datetime import datetime, timedelta

import pytest

from openhotline.accounts.errors import ApprovalVoid, NeedsTwoPeople, NotApproved
from openhotline.accounts.models import Approval, Person
from openhotline.accounts.queries import approvals_for, waiting_approvals
from openhotline.accounts.services import ask_approval as asking
from openhotline.accounts.services.approve import approve
from openhotline.accounts.services.ask_approval import ask_approval
from openhotline.accounts.services.confirm_approval import confirm_approval
from openhotline.accounts.services.use_approval import use_approval
from openhotline.accounts.services.withdraw_approval import withdraw_approval
from openhotline.audit.models import Record
from openhotline.audit.services.record import at_command_line
from openhotline.core.errors import NotAllowed

pytestmark = pytest.mark.django_db
MANIFEST = "a" * 64


def ask(person: Person, now: datetime) -> Approval:
    return ask_approval(purpose="key_work", subject="kwk_1", manifest_sha256=MANIFEST, actor=person, now=now)


@pytest.fixture
def typed(manager: Person, now: datetime) -> Approval:
    """Work on keys that the operator, at the command line, says the manager asked for."""
    with at_command_line():
        return ask(manager, now)


def test_it_is_there_for_who_was_named_alone(typed: Approval, manager: Person, operator: Person, now: datetime) -> None:
    assert (approvals_for(manager, now), approvals_for(operator, now), waiting_approvals()) == ([typed], [], [])


def test_nobody_approves_it_before_it_is_confirmed(typed: Approval, operator: Person, now: datetime) -> None:
    with pytest.raises(NeedsTwoPeople, match="has not confirmed"):
        approve(approval_id=typed.pk, manifest_sha256=MANIFEST, actor=operator, now=now)
    with pytest.raises(NotApproved, match="has not confirmed"):
        use_approval(purpose="key_work", subject="kwk_1", manifest_sha256=MANIFEST, actor=operator, now=now)


def test_once_confirmed_another_person_approves_it(
    typed: Approval, manager: Person, operator: Person, now: datetime
) -> None:
    confirm_approval(approval_id=typed.pk, manifest_sha256=MANIFEST, actor=manager, now=now)
    assert approve(approval_id=typed.pk, manifest_sha256=MANIFEST, actor=operator, now=now).state == "approved"
    line = Record.objects.get(action="key_work_approval_confirmed")
    assert (line.actor, line.detail) == (manager.public_id, {"manifest": MANIFEST})


def test_nobody_else_confirms_it(typed: Approval, operator: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        confirm_approval(approval_id=typed.pk, manifest_sha256=MANIFEST, actor=operator, now=now)


@pytest.mark.parametrize(("seen", "hours"), [("b" * 64, 0), (MANIFEST, 25)])
def test_what_changed_or_expired_is_not_confirmed(
    typed: Approval, manager: Person, seen: str, hours: int, now: datetime
) -> None:
    with pytest.raises(ApprovalVoid):
        confirm_approval(approval_id=typed.pk, manifest_sha256=seen, actor=manager, now=now + timedelta(hours=hours))


def test_who_was_named_and_did_not_ask_withdraws_it(typed: Approval, manager: Person, now: datetime) -> None:
    withdraw_approval(approval_id=typed.pk, actor=manager, now=now)
    with pytest.raises(ApprovalVoid):
        confirm_approval(approval_id=typed.pk, manifest_sha256=MANIFEST, actor=manager, now=now)


def test_planted_bug_believed_at_the_command_line_one_operator_is_two_people(
    manager: Person, operator: Person, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    monkeypatch.setattr(asking, "is_at_command_line", lambda: False)
    with at_command_line():
        asked = ask(manager, now)
    assert approve(approval_id=asked.pk, manifest_sha256=MANIFEST, actor=operator, now=now).state == "approved"
