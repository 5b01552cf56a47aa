"""Looks of long ago are deleted."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from openhotline.audit.models import Record
from openhotline.exposure.models import View
from openhotline.exposure.services import delete_looks as module
from openhotline.exposure.services.delete_looks import delete_looks

pytestmark = pytest.mark.django_db

Looked = Callable[..., View]
YEAR = 365 * 24 * 60


def delete(now: datetime, *keep: str) -> int:
    return delete_looks(before=now - timedelta(days=300), keep=lambda: keep, actor="step:tick", now=now)


def test_old_looks_go_and_young_ones_stay(looked: Looked, now: datetime) -> None:
    looked(YEAR, 5), looked(5, 5)
    assert delete(now) == 1
    assert View.objects.get().granted_at > now - timedelta(days=1)


def test_looks_at_a_held_item_stay(looked: Looked, now: datetime) -> None:
    looked(YEAR, 5, subject="itm_held"), looked(YEAR, 5, subject="itm_b")
    assert delete(now, "itm_held") == 1
    assert View.objects.get().subject == "itm_held"


def test_batches_are_counted_in_the_log(looked: Looked, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    for _ in range(3):
        looked(YEAR, 5)
    assert (delete(now), delete(now), delete(now)) == (2, 1, 0)
    assert [row.detail for row in Record.objects.filter(action="looks_deleted").order_by("pk")] == [
        {"deleted": 2},
        {"deleted": 1},
    ]
