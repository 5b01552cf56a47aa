"""Finds that no job takes any more are announced once again."""

from datetime import datetime

import pytest

from openhotline.audit.models import Record
from openhotline.core.models import Event
from openhotline.intake.models import Collection, Find
from openhotline.intake.services.announce_finds import announce_finds
from openhotline.intake.states import FindState

pytestmark = pytest.mark.django_db


@pytest.fixture
def collection(now: datetime) -> Collection:
    """One find that waits and one that was taken."""
    opened = Collection.objects.create(name="c", folder="/x", authority="a", opened_at=now, finds_expected=2)
    Find.objects.create(collection=opened, number=1, path="a")
    Find.objects.create(collection=opened, number=2, path="b", state=FindState.TAKEN)
    return opened


def test_what_waits_is_announced(collection: Collection, now: datetime) -> None:
    assert announce_finds(collection=collection, actor="test", now=now) == 1
    assert Event.objects.get().ids == [Find.objects.get(number=1).pk]


def test_where_nothing_waits_nothing_is_said(collection: Collection, now: datetime) -> None:
    Find.objects.update(state=FindState.TAKEN)
    assert announce_finds(collection=collection, actor="test", now=now) == 0
    assert not Record.objects.filter(action="finds_announced").exists()
