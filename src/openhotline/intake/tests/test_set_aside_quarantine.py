"""Reports in quarantine are set aside, and are not lost."""

from collections.abc import Callable
from datetime import datetime

import pytest

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core.errors import NotAllowed
from openhotline.core.models import Event
from openhotline.intake.models import Quarantined, Report
from openhotline.intake.services.set_aside_quarantine import set_aside_quarantine
from openhotline.intake.states import ReportState, Why

pytestmark = pytest.mark.django_db


def test_it_goes_no_further_and_stays(take: Callable[..., Report], analyst: Person, now: datetime) -> None:
    held = take(why=Why.BUDGET)
    for _ in range(2):
        set_aside_quarantine(reports=[held.public_id], actor=analyst, now=now)
    held.refresh_from_db()
    assert held.state == ReportState.SET_ASIDE
    assert held.addresses.count() == 1
    assert not Quarantined.objects.exists()
    assert not Event.objects.exists()
    assert Record.objects.filter(action="quarantine_set_aside").count() == 1


def test_a_report_outside_of_quarantine_is_never_set_aside(
    take: Callable[..., Report], analyst: Person, now: datetime
) -> None:
    assert set_aside_quarantine(reports=[take().public_id], actor=analyst, now=now) == 0


def test_not_everybody_decides_this(take: Callable[..., Report], auditor: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed, match="quarantine"):
        set_aside_quarantine(reports=[take(why=Why.BUDGET).public_id], actor=auditor, now=now)
