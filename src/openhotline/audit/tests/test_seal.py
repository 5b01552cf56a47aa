"""New records come into the tree."""

from datetime import datetime

import pytest

from openhotline.audit.models import Checkpoint, Leaf
from openhotline.audit.services import seal as module
from openhotline.audit.services.record import record
from openhotline.audit.services.seal import seal

pytestmark = pytest.mark.django_db


def _records(many: int, now: datetime) -> None:
    for n in range(many):
        record(actor="per_a", action="seen", subject=f"itm_{n}", now=now)


def test_an_empty_log_has_no_checkpoint(now: datetime) -> None:
    assert seal(now=now) is None


def test_a_checkpoint_covers_all_so_far(now: datetime) -> None:
    _records(3, now)
    seal(now=now)
    _records(2, now)
    assert seal(now=now).size == 5


def test_nothing_new_makes_no_checkpoint(now: datetime) -> None:
    _records(1, now)
    seal(now=now)
    assert seal(now=now) is None
    assert Checkpoint.objects.count() == 1


def test_long_backlogs_are_sealed_in_batches(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    _records(5, now)
    assert (seal(now=now).size, Leaf.objects.count(), Checkpoint.objects.count()) == (5, 5, 3)
