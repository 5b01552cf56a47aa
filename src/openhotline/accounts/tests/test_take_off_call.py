"""Somebody is taken off the rota."""

from datetime import datetime, timedelta

import pytest

from openhotline.accounts.models import Person
from openhotline.accounts.queries import on_call_at
from openhotline.accounts.services.put_on_call import put_on_call
from openhotline.accounts.services.take_off_call import take_off_call
from openhotline.core.errors import NotNow

pytestmark = pytest.mark.django_db


def test_it_ends_once_and_another_can_be_put_there(manager: Person, senior: Person, now: datetime) -> None:
    night = (now, now + timedelta(hours=12))
    row = put_on_call(person=senior, step=1, begins_at=night[0], ends_at=night[1], actor=manager, now=now)
    take_off_call(on_call=row.public_id, actor=manager, now=now)
    assert on_call_at(now) == []
    with pytest.raises(NotNow):
        take_off_call(on_call=row.public_id, actor=manager, now=now)
    put_on_call(person=senior, step=2, begins_at=night[0], ends_at=night[1], actor=manager, now=now)
