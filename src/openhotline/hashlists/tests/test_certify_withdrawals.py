"""An entry that left the list gets its place in the chain."""

from collections.abc import Callable
from datetime import datetime

import pytest

from openhotline.accounts.models import Person
from openhotline.audit.models import TakenBack
from openhotline.hashlists.models import Entry
from openhotline.hashlists.services.certify_withdrawals import certify_withdrawals
from openhotline.hashlists.services.withdraw_entry import withdraw_entry
from openhotline.hashlists.states import WithdrawalReason

pytestmark = pytest.mark.django_db


def test_each_that_was_withdrawn_once(make_entry: Callable[..., Entry], senior: Person, now: datetime) -> None:
    gone, _ = make_entry(), make_entry()
    withdraw_entry(entry=gone.public_id, reason=WithdrawalReason.LAW_CHANGED, actor=senior, now=now)
    assert (certify_withdrawals(actor="test", now=now), certify_withdrawals(actor="test", now=now)) == (1, 0)
    assert TakenBack.objects.get().subject == gone.public_id
