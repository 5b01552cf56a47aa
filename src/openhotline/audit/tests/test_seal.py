"""New records come into the tree."""

from collections.abc import Callable
from datetime import datetime

import pytest

from openhotline.audit.models import Checkpoint, Leaf, Record
from openhotline.audit.services import seal as module
from openhotline.audit.services.record import record
from openhotline.audit.services.seal import seal
from openhotline.audit.services.verify import verify

pytestmark = pytest.mark.django_db

Write = Callable[[int], list[Record]]


def test_an_empty_log_has_no_checkpoint(now: datetime) -> None:
    assert seal(now=now) is None


def test_a_checkpoint_covers_all_so_far(write: Write) -> None:
    write(3), write(2)
    assert list(Checkpoint.objects.order_by("number").values_list("number", "size")) == [(1, 3), (2, 5)]


def test_nothing_new_makes_no_checkpoint(write: Write, now: datetime) -> None:
    write(1)
    assert seal(now=now) is None
    assert Checkpoint.objects.count() == 1


def test_long_backlogs_are_sealed_in_batches(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    write(5)
    assert (Leaf.objects.count(), Checkpoint.objects.count()) == (5, 3)


def test_a_full_epoch_is_followed_by_one_that_is_bound_to_it(write: Write, small_epochs: None) -> None:
    write(6)
    first, second = Checkpoint.objects.order_by("number")
    assert [(one.epoch, one.start, one.size) for one in (first, second)] == [(0, 0, 4), (1, 4, 6)]
    assert second.previous == first.root


def test_an_epoch_goes_on_where_it_was(write: Write, small_epochs: None) -> None:
    write(2), write(1)
    assert [(one.epoch, one.size) for one in Checkpoint.objects.order_by("number")] == [(0, 2), (0, 3)]


@pytest.mark.parametrize("change", ["frontier = '[]'", "frontier = '[1]'", "root = 'x'", "start = 1"])
def test_after_a_touched_checkpoint_a_new_epoch_begins(
    write: Write, as_owner: Callable[[str], None], change: str
) -> None:
    """The log goes on, and nothing is signed that the touched row says."""
    write(3)
    as_owner(f"UPDATE audit_checkpoint SET {change}")
    write(2)
    newest = Checkpoint.objects.order_by("-number").first()
    assert (newest.epoch, newest.start, newest.size, newest.previous) == (1, 3, 5, "")
    assert any("heckpoint" in fault or "Epoch 0" in fault for fault in verify().faults)


def test_between_thorough_sealings_only_the_newest_are_looked_through(
    write: Write, monkeypatch: pytest.MonkeyPatch, now: datetime, as_owner: Callable[[str], None]
) -> None:
    """One that a long transaction left behind waits for the next thorough one, and is not lost."""
    monkeypatch.setattr(module, "NEARLY", 2)
    rows = write(5)
    left_behind = rows[-1].pk + 1
    as_owner(
        "INSERT INTO audit_record (id, uuid, at, actor, action, subject, count, digest, detail) "
        f"SELECT {left_behind} + 9, 'aud_new', at, actor, action, subject, count, digest, detail FROM audit_record "
        f"WHERE id = {rows[0].pk}"
    )
    assert seal(now=now, thorough=False).size == 6
    as_owner(
        "INSERT INTO audit_record (id, uuid, at, actor, action, subject, count, digest, detail) "
        f"SELECT {left_behind}, 'aud_late', at, actor, action, subject, count, digest, detail FROM audit_record "
        f"WHERE id = {rows[0].pk}"
    )
    assert seal(now=now, thorough=False) is None
    assert seal(now=now).size == 7


def test_a_touched_leaf_does_not_stop_the_sealing(write: Write, now: datetime, as_owner: Callable[[str], None]) -> None:
    write(3)
    as_owner("UPDATE audit_leaf SET record_id = 1000000 WHERE position = 2")
    record(actor="per_a", action="seen", subject="itm_new", now=now)
    assert seal(now=now, thorough=False) is not None
