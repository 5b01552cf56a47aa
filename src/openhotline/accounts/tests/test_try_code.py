"""Trying the code of a link."""

from datetime import datetime

import pytest

from openhotline.accounts.errors import InvitationOver
from openhotline.accounts.models import Invitation
from openhotline.accounts.services import try_code as module
from openhotline.accounts.services.join import join
from openhotline.accounts.services.try_code import try_code
from openhotline.accounts.tests.conftest import Welcome
from openhotline.audit.models import Record

pytestmark = pytest.mark.django_db


def test_the_right_code_changes_nothing_however_often(welcome: Welcome, now: datetime) -> None:
    assert all(try_code(**welcome._asdict(), now=now) for _ in range(9))
    assert Invitation.objects.get().wrong_codes == 0


def test_the_fifth_wrong_code_ends_the_link_for_everybody(welcome: Welcome, now: datetime) -> None:
    assert not any(try_code(token=welcome.token, code="aaaa-aaaa", now=now) for _ in range(5))
    with pytest.raises(InvitationOver):
        try_code(**welcome._asdict(), now=now)
    with pytest.raises(InvitationOver):
        join(**welcome._asdict(), password=None, now=now)


def test_each_wrong_one_is_in_the_log_without_what_was_typed(welcome: Welcome, now: datetime) -> None:
    try_code(token=welcome.token, code="aaaa-aaaa", now=now)
    row = Record.objects.get(action="invitation_code_refused")
    assert (row.actor, row.subject, row.detail) == ("invited", Invitation.objects.get().person.public_id, {})


def test_only_a_hash_of_the_code_is_kept(welcome: Welcome) -> None:
    assert welcome.code not in str(Invitation.objects.values().get())


def test_planted_bug_without_the_end_codes_can_be_tried_for_ever(
    welcome: Welcome, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_WRONG", 10**9)
    assert not any(try_code(token=welcome.token, code="aaaa-aaaa", now=now) for _ in range(6))
    assert try_code(**welcome._asdict(), now=now)
