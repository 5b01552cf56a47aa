"""The police ask for more time."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from openhotline.accounts.models import Person
from openhotline.removal.models import Removal
from openhotline.removal.services.alert_holds import alert_holds
from openhotline.removal.services.extend_hold import extend_hold
from openhotline.removal.services.hold_removals import hold_removals

pytestmark = pytest.mark.django_db


def test_an_extended_hold_alerts_again_when_the_new_time_is_over(
    due: Callable[[int], list[Removal]], senior: Person, now: datetime
) -> None:
    (removal,) = due(1)
    (hold,) = hold_removals(ids=[removal.pk], hours=2, actor=senior, now=now)
    assert alert_holds(actor="step:x", now=now + timedelta(hours=2)) == 1
    extend_hold(hold=hold.pk, hours=24, actor=senior, now=now + timedelta(hours=3))
    assert [alert_holds(actor="step:x", now=now + timedelta(hours=hours)) for hours in (4, 27, 28)] == [0, 1, 0]
