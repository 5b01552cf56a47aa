"""Whoever sent a hash takes it back: it leaves the list, and is forgotten."""

from datetime import datetime

import pytest

from openhotline.audit.models import Record
from openhotline.hashlists.models import SelfReported, SelfReportedHash
from openhotline.hashlists.queries import self_reported
from openhotline.hashlists.services.keep_self_reported import keep_self_reported
from openhotline.hashlists.services.withdraw_self_reported import withdraw_self_reported
from openhotline.hashlists.states import SelfReportedState

pytestmark = pytest.mark.django_db

ONE = SelfReportedHash(origin="dev_a", pdq="0f" * 32, quality=80)
OTHER = SelfReportedHash(origin="dev_b", pdq="0f" * 32, quality=80)


def test_it_leaves_the_list_and_the_hash_is_gone(now: datetime) -> None:
    keep_self_reported(hashes=[ONE, OTHER], actor="step:x", now=now)
    assert withdraw_self_reported(origins=["dev_a"], actor="step:x", now=now) == 1
    row = SelfReported.objects.get(origin="dev_a")
    assert (row.state, row.pdq, row.quality, row.withdrawn_at) == (SelfReportedState.WITHDRAWN, None, None, now)
    assert [line.name for line in self_reported()] == [SelfReported.objects.get(origin="dev_b").public_id]
    assert Record.objects.get(action="self_reported_withdrawn").count == 1


def test_twice_is_once(now: datetime) -> None:
    keep_self_reported(hashes=[ONE], actor="step:x", now=now)
    assert [withdraw_self_reported(origins=["dev_a"], actor="step:x", now=now) for _ in range(2)] == [1, 0]
    assert Record.objects.filter(action="self_reported_withdrawn").count() == 1


def test_taken_back_before_it_came_it_stays_off(now: datetime) -> None:
    """Announcements may come in another order than they were made."""
    withdraw_self_reported(origins=["dev_a"], actor="step:x", now=now)
    assert keep_self_reported(hashes=[ONE], actor="step:x", now=now) == 0
    assert self_reported() == []
    assert SelfReported.objects.get().pdq is None
