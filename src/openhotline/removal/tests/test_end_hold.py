"""A person ends a hold, and the way goes on from the host."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from openhotline.accounts.models import Person
from openhotline.core import models as core
from openhotline.core.errors import NotNow
from openhotline.removal.models import Removal
from openhotline.removal.services.end_hold import end_hold
from openhotline.removal.services.find_hosts import find_hosts
from openhotline.removal.services.hold_removals import hold_removals
from openhotline.removal.services.send_notices import send_notices
from openhotline.removal.states import HoldEnd

pytestmark = pytest.mark.django_db


def test_once_a_person_ends_it_the_notice_goes_out(
    due: Callable[[int], list[Removal]], box: Any, senior: Person, now: datetime
) -> None:
    (removal,) = due(1)
    (hold,) = hold_removals(ids=[removal.pk], hours=48, actor=senior, now=now)
    ended = end_hold(hold=hold.pk, end=HoldEnd.POLICE_AGREED, actor=senior, now=now)
    assert (ended.end, ended.ended_by) == ("police_agreed", senior.public_id)
    assert core.Event.objects.filter(kind="RemovalsOpened").latest("pk").ids == [removal.pk]
    find_hosts(ids=[removal.pk], actor="step:x", now=now)
    send_notices(ids=[removal.pk], actor="step:x", now=now)
    assert len(box.messages) == 1
    with pytest.raises(NotNow):
        end_hold(hold=hold.pk, end=HoldEnd.NO_ANSWER, actor=senior, now=now)
