"""Addresses of confirmed items are to be taken down."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from openhotline.audit.models import Record
from openhotline.core import models as core
from openhotline.hashlists.models import Entry
from openhotline.intake.models import Address
from openhotline.removal.models import Removal
from openhotline.removal.queries import addresses_of, hosts_due, progress
from openhotline.removal.services.open_removals import open_removals

pytestmark = pytest.mark.django_db
Make = Callable[[str], Address]


def test_each_address_gets_one_removal(make_address: Make, now: datetime) -> None:
    keys = [make_address(f"http://a.example/{n}").pk for n in range(3)]
    assert open_removals(address_ids=keys, actor="step:x", now=now) == 3
    assert core.Event.objects.get(kind="RemovalsOpened").ids == list(Removal.objects.values_list("pk", flat=True))
    assert progress().by_state == {"opened": 3}


def test_twice_is_once(make_address: Make, now: datetime) -> None:
    key = make_address("http://a.example/").pk
    assert [open_removals(address_ids=[key, key], actor="step:x", now=now) for _ in range(2)] == [1, 0]
    assert Record.objects.filter(action="removals_opened").count() == 1


def test_addresses_of_entries_are_those_where_their_items_were_seen(confirmed: Callable[..., Entry]) -> None:
    entry = confirmed("http://a.example/1.png")
    assert addresses_of([entry.pk]) == [entry.item.sightings.get().address_id]


def test_one_that_was_left_lying_is_taken_up_by_the_clock(make_address: Make, now: datetime) -> None:
    open_removals(address_ids=[make_address("http://a.example/").pk], actor="step:x", now=now)
    assert hosts_due(now) == []
    assert len(hosts_due(now + timedelta(hours=1))) == 1
