"""Whether an address is live is pushed down, and kept."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from openhotline.audit.models import Record
from openhotline.evidence.models import Sighting
from openhotline.hashlists.models import Entry, ListedAddress, Member, Routine
from openhotline.hashlists.services.keep_live_addresses import keep_live_addresses
from openhotline.hashlists.states import SealedKind

pytestmark = pytest.mark.django_db
KIND = SealedKind.ADDRESSES
HALF_DAY = timedelta(hours=12)
MakeMember = Callable[..., Member]
Show = Callable[..., int]
Begin = Callable[..., Routine]


def test_what_is_new_is_kept_where_it_is_live_alone(make_entry: Callable[..., Entry], now: datetime) -> None:
    one, other = (Sighting.objects.get(item=make_entry().item).address_id for _ in range(2))
    assert keep_live_addresses(address_ids=[one or 0], live=True, actor="step:test", now=now) == 1
    assert keep_live_addresses(address_ids=[other or 0], live=False, actor="step:test", now=now) == 0
    assert list(ListedAddress.objects.values_list("address", "live")) == [(one, True)]


def test_the_same_again_changes_nothing(show: Show, now: datetime) -> None:
    address = show()
    assert keep_live_addresses(address_ids=[address], live=True, actor="step:test", now=now) == 0
    assert [keep_live_addresses(address_ids=[address], live=False, actor="step:x", now=now) for _ in "ab"] == [1, 0]
    assert Record.objects.filter(action="addresses_live_set").count() == 2
