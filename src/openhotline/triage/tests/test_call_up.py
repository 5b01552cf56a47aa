"""Items are judged again in steps of 500."""

from datetime import datetime

import pytest

from openhotline.audit.models import Record
from openhotline.core.models import Event
from openhotline.triage.services.call_up import call_up

pytestmark = pytest.mark.django_db


def test_many_are_called_up_in_steps(now: datetime) -> None:
    assert call_up(items=range(1, 1202), actor="step:test", now=now) == 1201
    steps = Event.objects.filter(kind="ItemsCalledUp").order_by("pk").values_list("ids", flat=True)
    assert [len(ids) for ids in steps] == [500, 500, 201]
    assert Record.objects.get(action="items_called_up").detail == {"items": 1201}


def test_where_nothing_is_concerned_nothing_is_said(now: datetime) -> None:
    assert call_up(items=[], actor="step:test", now=now) == 0
    assert not Record.objects.exists()
