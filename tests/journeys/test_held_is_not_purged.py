"""A legal hold stops the destruction of evidence."""

from datetime import datetime, timedelta

import pytest

from cast import MakeItem
from openhotline.accounts.models import Person
from openhotline.core.errors import NotNow
from openhotline.evidence.models import Sighting
from openhotline.evidence.services.draft_purge import draft_purge
from openhotline.evidence.states import PurgeReason
from openhotline.intake.models import Report
from openhotline.retention.services.place_hold import place_hold
from openhotline.retention.states import HoldCause

pytestmark = pytest.mark.django_db


def test_what_is_legally_held_is_not_purged(make_item: MakeItem, manager: Person, now: datetime) -> None:
    held, free = make_item(seed=1), make_item(seed=2)
    place_hold(
        subject=held.public_id,
        cause=next(iter(HoldCause)),
        reference="",
        until=now + timedelta(days=30),
        actor=manager.public_id,
        now=now,
    )
    with pytest.raises(NotNow, match="legal hold"):
        draft_purge(names=[held.public_id, free.public_id], reason=next(iter(PurgeReason)), actor=manager, now=now)
    assert draft_purge(names=[free.public_id], reason=next(iter(PurgeReason)), actor=manager, now=now).names


def test_of_a_held_report_it_is_said_which_one_keeps_the_item(
    make_item: MakeItem, manager: Person, now: datetime
) -> None:
    item, report = make_item(seed=1), Report.objects.create(started_at=now)
    Sighting.objects.filter(item=item).update(report=report)
    place_hold(
        subject=report.public_id,
        cause=next(iter(HoldCause)),
        reference="",
        until=now + timedelta(days=30),
        actor=manager.public_id,
        now=now,
    )
    with pytest.raises(NotNow, match=f"{item.public_id} must be kept: its report {report.public_id} must be kept: it"):
        draft_purge(names=[item.public_id], reason=next(iter(PurgeReason)), actor=manager, now=now)
