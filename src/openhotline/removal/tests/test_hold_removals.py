"""While the police ask for it, no notice goes out."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from openhotline.accounts.models import Person
from openhotline.core.errors import NotAllowed, NotNow
from openhotline.removal.models import Removal
from openhotline.removal.services.hold_removals import hold_removals
from openhotline.removal.services.send_notices import send_notices
from openhotline.removal.states import RemovalState

pytestmark = pytest.mark.django_db
Due = Callable[[int], list[Removal]]


def test_a_held_address_is_not_noticed_however_long_it_takes(due: Due, box: Any, senior: Person, now: datetime) -> None:
    (removal,) = due(1)
    hold_removals(ids=[removal.pk], hours=48, actor=senior, now=now)
    for days in (0, 3, 100):
        assert send_notices(ids=[removal.pk], actor="step:x", now=now + timedelta(days=days)) == []
    assert box.messages == []


def test_a_notice_that_has_not_gone_out_is_taken_back(due: Due, box: Any, senior: Person, now: datetime) -> None:
    (removal,) = due(1)
    box.busy = True
    send_notices(ids=[removal.pk], actor="step:x", now=now)
    hold_removals(ids=[removal.pk], hours=48, actor=senior, now=now)
    box.busy = False
    assert send_notices(ids=[removal.pk], actor="step:x", now=now + timedelta(hours=1)) == box.messages == []


def test_what_is_gone_is_not_held_and_a_hold_has_an_end(due: Due, senior: Person, now: datetime) -> None:
    (removal,) = due(1)
    with pytest.raises(NotNow, match="from 1 to"):
        hold_removals(ids=[removal.pk], hours=0, actor=senior, now=now)
    Removal.objects.update(state=RemovalState.GONE)
    with pytest.raises(NotNow):
        hold_removals(ids=[removal.pk], hours=48, actor=senior, now=now)


def test_an_analyst_holds_nothing(due: Due, analyst: Person, now: datetime) -> None:
    (removal,) = due(1)
    with pytest.raises(NotAllowed):
        hold_removals(ids=[removal.pk], hours=48, actor=analyst, now=now)
