"""Reports go on from quarantine when somebody says so."""

from collections.abc import Callable
from datetime import datetime

import pytest

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core.errors import NotAllowed
from openhotline.core.models import Event
from openhotline.intake.models import Quarantined, Report
from openhotline.intake.services.complete_report import complete_report
from openhotline.intake.services.finish_abandoned import WAIT, finish_abandoned
from openhotline.intake.services.release_quarantine import release_quarantine
from openhotline.intake.services.set_aside_quarantine import set_aside_quarantine
from openhotline.intake.services.start_report import Over, start_report, words_of
from openhotline.intake.services.withdraw_device_hash import withdraw_device_hash
from openhotline.intake.states import Lane, ReportState, Source, Why

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(db: None, now: datetime) -> Report:
    """A report of the public pages that waits in quarantine."""
    report, _ = start_report(
        addresses=["a.example"],
        source=Source.PUBLIC,
        idempotency=None,
        practice=True,
        now=now,
        over=Over(Why.SENDER, "s1"),
    )
    return complete_report(report=report, details={}, urgent=False, now=now)


def announced() -> list[int]:
    """Which reports go on."""
    return [pk for event in Event.objects.filter(kind="ReportReceived") for pk in event.ids]


def test_what_is_held_is_received_and_does_not_go_on(held: Report) -> None:
    assert (held.state, held.lane) == (ReportState.RECEIVED, Lane.QUARANTINE)
    assert announced() == []


def test_released_it_goes_on_and_nothing_is_kept_of_its_sender(held: Report, analyst: Person, now: datetime) -> None:
    assert release_quarantine(reports=[held.public_id], actor=analyst, now=now) == 1
    held.refresh_from_db()
    assert held.lane == Lane.ORDINARY
    assert announced() == [held.pk]
    assert not Quarantined.objects.exists()
    assert Record.objects.get(action="quarantine_released").actor == analyst.public_id


def test_released_twice_it_goes_on_once(held: Report, analyst: Person, now: datetime) -> None:
    release_quarantine(reports=[held.public_id], actor=analyst, now=now)
    assert release_quarantine(reports=[held.public_id], actor=analyst, now=now) == 0
    assert announced() == [held.pk]


def test_what_was_set_aside_can_still_be_released(held: Report, analyst: Person, now: datetime) -> None:
    set_aside_quarantine(reports=[held.public_id], actor=analyst, now=now)
    assert release_quarantine(reports=[held.public_id], actor=analyst, now=now) == 1
    held.refresh_from_db()
    assert held.state == ReportState.RECEIVED
    assert announced() == [held.pk]


def test_a_danger_told_late_sets_it_free(held: Report, now: datetime) -> None:
    complete_report(report=held, details={}, urgent=True, now=now)
    held.refresh_from_db()
    assert held.lane == Lane.URGENT
    assert announced() == [held.pk]


def test_one_that_was_abandoned_waits_as_well(held: Report, now: datetime) -> None:
    Report.objects.update(state=ReportState.STARTED)
    assert finish_abandoned(now=now + WAIT) == 1
    held.refresh_from_db()
    assert held.state == ReportState.RECEIVED
    assert announced() == []


def test_one_that_is_still_written_goes_on_once_it_is_sent(held: Report, analyst: Person, now: datetime) -> None:
    Report.objects.update(state=ReportState.STARTED)
    release_quarantine(reports=[held.public_id], actor=analyst, now=now)
    assert announced() == []
    complete_report(report=held, details={}, urgent=False, now=now)
    assert announced() == [held.pk]


@pytest.mark.parametrize("first", ["as it waits", "set aside"])
def test_codes_from_a_device_go_to_their_list_and_not_to_screening(
    keep: Callable[..., Report], analyst: Person, now: datetime, first: str
) -> None:
    report = keep(over=Over(Why.SENDER, "s1"))
    if first == "set aside":
        set_aside_quarantine(reports=[report.public_id], actor=analyst, now=now)
    assert release_quarantine(reports=[report.public_id], actor=analyst, now=now) == 1
    report.refresh_from_db()
    assert (report.state, report.lane) == (ReportState.SCREENED, Lane.ORDINARY)
    assert Event.objects.get().kind == "DeviceHashesKept"
    assert Event.objects.get().ids == [row.pk for row in report.device_hashes.order_by("pk")]


def test_codes_that_were_taken_back_meanwhile_stay_so(
    keep: Callable[..., Report], analyst: Person, now: datetime
) -> None:
    report = keep(over=Over(Why.SENDER, "s1"))
    withdraw_device_hash(words=words_of(report), now=now)
    release_quarantine(reports=[report.public_id], actor=analyst, now=now)
    assert not Event.objects.filter(kind="DeviceHashesKept").exists()


def test_others_are_left_alone(analyst: Person, receive: Callable[..., Report], now: datetime) -> None:
    assert release_quarantine(reports=[receive("a.example").public_id], actor=analyst, now=now) == 0


def test_not_everybody_decides_this(held: Report, auditor: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed, match="quarantine"):
        release_quarantine(reports=[held.public_id], actor=auditor, now=now)
