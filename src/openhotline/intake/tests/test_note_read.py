"""Somebody at the desk has read what was told with a report."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core.errors import Missing, NotAllowed, NotNow
from openhotline.intake.models import Quarantined, Report
from openhotline.intake.queries import reports_waiting
from openhotline.intake.services.complete_report import complete_report
from openhotline.intake.services.forget_reporters import forget_reporters
from openhotline.intake.services.note_read import note_read
from openhotline.intake.services.screen_reports import screen_reports
from openhotline.intake.states import Why

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(receive: Callable[..., Report], now: datetime) -> Report:
    """A report without an address, which waits for a person."""
    report = receive(more="told")
    screen_reports(ids=[report.pk], now=now)
    report.refresh_from_db()
    return report


def test_it_no_longer_waits(told: Report, analyst: Person, now: datetime) -> None:
    note_read(report=told.public_id, seen=told.last_told, actor=analyst, now=now)
    assert not reports_waiting()


def test_it_is_recorded_once(told: Report, analyst: Person, now: datetime) -> None:
    for _ in range(2):
        note_read(report=told.public_id, seen=told.last_told, actor=analyst, now=now)
    assert Record.objects.get(action="report_read").actor == analyst.public_id


def test_what_is_told_later_waits_again(told: Report, analyst: Person, now: datetime) -> None:
    note_read(report=told.public_id, seen=told.last_told, actor=analyst, now=now)
    complete_report(report=told, details={"more": "told again"}, urgent=True, now=now + timedelta(hours=1))
    assert list(reports_waiting()) == [told]


def test_what_was_told_while_it_was_read_is_not_taken_for_read(told: Report, analyst: Person, now: datetime) -> None:
    complete_report(report=told, details={"more": "told again"}, urgent=False, now=now + timedelta(minutes=1))
    with pytest.raises(NotNow, match="More was told"):
        note_read(report=told.public_id, seen=told.last_told, actor=analyst, now=now)


def test_what_was_told_is_kept_for_its_time_from_the_reading_on(told: Report, analyst: Person, now: datetime) -> None:
    late = now + timedelta(days=300)

    def forget(day: datetime) -> int:
        return forget_reporters(before=day - timedelta(days=180), keep=tuple, actor="test", now=day)

    assert forget(late) == 0
    note_read(report=told.public_id, seen=told.last_told, actor=analyst, now=late)
    assert [forget(late + timedelta(days=days)) for days in (180, 181)] == [0, 1]


def test_the_oldest_is_read_first_and_urgent_ones_of_a_flood_after_the_others(
    told: Report, receive: Callable[..., Report], now: datetime
) -> None:
    flood, danger, second = (receive("a.example", urgent=True) for _ in range(3))
    Quarantined.objects.create(report=flood, why=Why.SENDER, sender="", at=now)
    assert list(reports_waiting()) == [danger, second, flood, told]


def test_one_that_waits_for_nobody_is_not_read(receive: Callable[..., Report], analyst: Person, now: datetime) -> None:
    report = receive("a.example")
    with pytest.raises(NotNow, match="waits for nobody"):
        note_read(report=report.public_id, seen=report.last_told, actor=analyst, now=now)


def test_one_that_is_not_there(analyst: Person, now: datetime) -> None:
    with pytest.raises(Missing):
        note_read(report="rep_none", seen="", actor=analyst, now=now)


def test_not_everybody_reads_reports(told: Report, auditor: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        note_read(report=told.public_id, seen=told.last_told, actor=auditor, now=now)
