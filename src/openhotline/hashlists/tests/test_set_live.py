"""Whether an entry's addresses still answer is pushed down from removal."""

from collections.abc import Callable
from datetime import datetime

import pytest

from openhotline.audit.models import Record
from openhotline.hashlists.models import Entry
from openhotline.hashlists.services.set_live import set_live

pytestmark = pytest.mark.django_db


def test_unknown_until_somebody_looked(make_entry: Callable[..., Entry], now: datetime) -> None:
    entry = make_entry()
    assert entry.address_live is None
    assert set_live(item_ids=[entry.item_id], live=False, actor="step:x", now=now) == 1
    entry.refresh_from_db()
    assert entry.address_live is False


def test_saying_it_twice_is_saying_it_once(make_entry: Callable[..., Entry], now: datetime) -> None:
    entry = make_entry()
    for _ in range(2):
        set_live(item_ids=[entry.item_id, 10**9], live=True, actor="step:x", now=now)
    assert Record.objects.filter(action="entries_live_set").count() == 1
