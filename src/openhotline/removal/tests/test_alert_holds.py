"""When a hold runs out a person is alerted. Nothing is sent by the clock."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.removal.models import Removal
from openhotline.removal.queries import hosts_due, notices_due
from openhotline.removal.queries.holding import holds_run_out
from openhotline.removal.services.alert_holds import alert_holds
from openhotline.removal.services.hold_removals import hold_removals
from openhotline.removal.services.send_notices import send_notices

pytestmark = pytest.mark.django_db
LATER = timedelta(hours=49)


def test_it_alerts_once_and_nothing_goes_out(
    due: Callable[[int], list[Removal]], box: Any, senior: Person, now: datetime
) -> None:
    (removal,) = due(1)
    hold_removals(ids=[removal.pk], hours=48, actor=senior, now=now)
    assert [alert_holds(actor="step:x", now=now + hours) for hours in (timedelta(), LATER, LATER)] == [0, 1, 0]
    assert holds_run_out(now + LATER).count() == 1
    assert Record.objects.filter(action="holds_run_out").count() == 1
    assert (hosts_due(now + LATER), notices_due(now + LATER)) == ([], [])
    assert send_notices(ids=[removal.pk], actor="step:x", now=now + LATER) == box.messages == []


def test_planted_bug_an_alert_that_lets_go_would_be_seen(
    due: Callable[[int], list[Removal]], box: Any, senior: Person, now: datetime
) -> None:
    (removal,) = due(1)
    hold_removals(ids=[removal.pk], hours=48, actor=senior, now=now)
    alert_holds(actor="step:x", now=now + LATER)
    Removal.objects.update(state="notice_due", next_check_at=now)
    assert notices_due(now + LATER) == [removal.pk]
