"""The first of two people asks."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from openhotline.accounts.errors import ApprovalVoid
from openhotline.accounts.models import Approval, Person
from openhotline.accounts.queries import approval_of, approvals_for, waiting_approvals
from openhotline.accounts.services.approve import approve
from openhotline.accounts.services.ask_approval import ask_approval
from openhotline.accounts.states import TWO_PEOPLE, Permission, Purpose, Role, holders, purposes_of
from openhotline.core.errors import NotAllowed

pytestmark = pytest.mark.django_db


def test_it_waits_for_a_day(senior: Person, now: datetime) -> None:
    asked = ask_approval(purpose="release", subject="rel_1", manifest_sha256="a" * 64, actor=senior, now=now)
    assert asked.expires_at == now + timedelta(days=1)
    assert waiting_approvals() == [asked] == [approval_of("release", "rel_1")]


def test_asking_again_makes_what_was_signed_void(senior: Person, manager: Person, now: datetime) -> None:
    first = ask_approval(purpose="release", subject="rel_1", manifest_sha256="a" * 64, actor=senior, now=now)
    approve(approval_id=first.pk, manifest_sha256="a" * 64, actor=manager, now=now)
    again = ask_approval(purpose="release", subject="rel_1", manifest_sha256="b" * 64, actor=senior, now=now)
    first.refresh_from_db()
    assert (first.state, approval_of("release", "rel_1")) == ("void", again)


def test_the_database_keeps_one_live_approval_a_thing(senior: Person, now: datetime) -> None:
    asked = ask_approval(purpose="release", subject="rel_1", manifest_sha256="a" * 64, actor=senior, now=now)
    asked.pk, asked.public_id = None, "apr_2"
    with pytest.raises(IntegrityError), transaction.atomic():
        asked.save(force_insert=True)


def test_only_those_it_concerns_see_it(senior: Person, analyst: Person, manager: Person, now: datetime) -> None:
    asked = ask_approval(purpose="key_work", subject="wrk_2", manifest_sha256="a" * 64, actor=senior, now=now)
    assert approvals_for(senior, now) == [asked]
    assert approvals_for(manager, now) == [asked]
    assert approvals_for(analyst, now) == []
    assert approvals_for(senior, asked.expires_at) == []


def test_who_asks_at_the_same_moment_gets_a_sentence(
    senior: Person, manager: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each looked before the other had written: neither sees one to make void."""
    monkeypatch.setattr(type(Approval.objects), "void", lambda *_: 0)
    ask_approval(purpose="release", subject="rel_1", manifest_sha256="a" * 64, actor=senior, now=now)
    with pytest.raises(ApprovalVoid, match="at this moment"):
        ask_approval(purpose="release", subject="rel_1", manifest_sha256="a" * 64, actor=manager, now=now)


def test_the_page_of_approvals_is_open_to_who_may_sign_or_has_to_confirm() -> None:
    signing = {role for role in Role if purposes_of(role)}
    assert holders(Permission.APPROVE) == signing | TWO_PEOPLE[Purpose.DAMAGE].asks


def test_nobody_asks_for_what_leaves_with_dates_that_ran_out(senior: Person, now: datetime) -> None:
    senior.vetted_until = None
    with pytest.raises(NotAllowed, match=r"Asking for this release needs .* No vetting is recorded"):
        ask_approval(purpose="release", subject="rel_1", manifest_sha256="a" * 64, actor=senior, now=now)
