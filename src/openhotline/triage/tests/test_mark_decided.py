"""Decided stacks are not shown again by default."""

from datetime import datetime

import pytest

from cast import MakeItem
from openhotline.triage.models import Stack
from openhotline.triage.services.mark_decided import mark_decided
from openhotline.triage.services.triage_items import triage_items

pytestmark = pytest.mark.django_db


def test_a_decided_item_marks_its_stack_once(make_item: MakeItem, now: datetime) -> None:
    decided, other = make_item(), make_item(seed=1)
    triage_items(ids=[decided.pk, other.pk], actor="step:test", now=now)
    assert [mark_decided(item_ids=[decided.pk], actor="step:test", now=now) for _ in range(2)] == [1, 0]
    assert Stack.objects.filter(decided=True).get().leader == decided
