"""A fault of the log was looked into."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from openhotline.audit.models import Record
from openhotline.audit.queries import Fault
from openhotline.audit.services.acknowledge_damage import acknowledge_damage
from openhotline.audit.services.record import record
from openhotline.audit.services.seal import seal
from openhotline.audit.services.verify import verify
from openhotline.audit.states import Cause

pytestmark = pytest.mark.django_db


@pytest.fixture
def damaged(write: Callable[[int], list[Record]], as_owner: Callable[[str], None]) -> Fault:
    """A record that a bad disk changed."""
    row = write(5)[2]
    as_owner(f"UPDATE audit_record SET count = 9 WHERE id = {row.pk}")
    return next(fault for fault in verify().found if fault.record == row.pk)


def found() -> list[int | None]:
    return [fault.record for fault in verify().found if "trigger" not in fault.sentence]


def test_a_known_fault_is_told_apart_and_still_told(damaged: Fault, now: datetime) -> None:
    acknowledge_damage(faults=[damaged], cause=Cause.DISK, actor="per_a", now=now + timedelta(hours=1))
    seal(now=now + timedelta(hours=1))
    assert found() == []
    assert [fault.record for fault in verify().known] == [damaged.record]


def test_the_acknowledgement_is_itself_in_the_log(damaged: Fault, now: datetime) -> None:
    acknowledge_damage(faults=[damaged], cause=Cause.DISK, actor="per_a", now=now)
    row = Record.objects.get(action="damage_acknowledged")
    assert (row.actor, row.detail["cause"]) == ("per_a", "disk")


def test_changed_once_more_it_is_a_new_fault(damaged: Fault, now: datetime, as_owner: Callable[[str], None]) -> None:
    acknowledge_damage(faults=[damaged], cause=Cause.DISK, actor="per_a", now=now)
    as_owner(f"UPDATE audit_record SET count = 10 WHERE id = {damaged.record}")
    assert found() == [damaged.record]


def test_planted_who_can_only_write_to_the_table_acknowledges_nothing(damaged: Fault, now: datetime) -> None:
    record(actor="per_a", action="damage_acknowledged", subject=damaged.key, now=now, detail={"seal": "0" * 64})
    assert found() == [damaged.record]
