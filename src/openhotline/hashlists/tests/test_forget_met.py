"""What members met long ago is forgotten."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from openhotline.audit.models import Record
from openhotline.hashlists.models import Entry, EntryMet
from openhotline.hashlists.services.forget_met import forget_met

pytestmark = pytest.mark.django_db


def test_counts_of_long_ago_go_and_newer_ones_stay(make_entry: Callable[..., Entry], now: datetime) -> None:
    entry = make_entry()
    for days in (0, 120, 121, 300):
        EntryMet.objects.create(entry=entry, day=(now - timedelta(days=days)).date(), times=1)
    assert forget_met(before=now - timedelta(days=120), actor="step:tick", now=now) == 2
    assert EntryMet.objects.count() == 2
    assert Record.objects.get(action="met_forgotten").detail == {"deleted": 2}


def test_with_nothing_to_forget_nothing_is_written(now: datetime) -> None:
    assert forget_met(before=now, actor="step:tick", now=now) == 0
    assert not Record.objects.filter(action="met_forgotten").exists()
