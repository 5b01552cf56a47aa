"""A legal hold stops the destruction of evidence."""

from datetime import datetime, timedelta

import pytest

from cast import MakeItem
from openhotline.accounts.models import Person
from openhotline.core.errors import NotNow
from openhotline.evidence.services.draft_purge import draft_purge
from openhotline.evidence.states import PurgeReason
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
