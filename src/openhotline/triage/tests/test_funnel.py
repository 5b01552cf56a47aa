"""The funnel counts files found."""

from datetime import datetime

import pytest

from cast import MakeItem
from openhotline.evidence.models import Sighting
from openhotline.triage.queries import funnel
from openhotline.triage.services.triage_items import triage_items

pytestmark = pytest.mark.django_db


def test_an_item_seen_twice_counts_twice(make_item: MakeItem, now: datetime) -> None:
    small = make_item(width=10)
    Sighting.objects.create(item=small, seen_at=now)
    triage_items(ids=[small.pk], actor="step:test", now=now)
    counted = funnel()
    assert (counted.found, counted.items, counted.set_aside) == (2, 1, {"too_small": 2})
