"""What was told so far is kept before the report is sent."""

from collections.abc import Callable
from datetime import datetime

import pytest

from openhotline.core.models import Event
from openhotline.intake.models import Quarantined, Report
from openhotline.intake.models.quarantine import QuarantinedReports
from openhotline.intake.queries import report_page
from openhotline.intake.services.complete_report import complete_report
from openhotline.intake.services.save_details import save_details
from openhotline.intake.services.start_report import Over, start_report
from openhotline.intake.states import Lane, ReportState, Source, Why

pytestmark = pytest.mark.django_db


def test_details_are_kept_and_told_again_replace_those_before(start: Callable[..., Report], now: datetime) -> None:
    report = start("a.example")
    save_details(report=report, details={"more": "first"}, urgent=False, now=now)
    save_details(report=report, details={"more": "second"}, urgent=False, now=now)
    facts = report_page(report.public_id)
    assert facts is not None
    assert facts.details == {"more": "second"}


def test_details_are_sealed(start: Callable[..., Report], now: datetime) -> None:
    report = save_details(report=start("a.example"), details={"more": "a secret"}, urgent=False, now=now)
    assert b"secret" not in bytes(report.details)


def test_a_danger_once_told_stays(start: Callable[..., Report], now: datetime) -> None:
    report = start("a.example")
    save_details(report=report, details={}, urgent=True, now=now)
    assert save_details(report=report, details={}, urgent=False, now=now).lane == Lane.URGENT


def test_a_danger_sets_a_report_free_that_waits_in_quarantine(now: datetime) -> None:
    """It is heard on the page that asks for it: whoever tells it may never come to the last one."""
    over = Over(Why.SENDER, "hash of a sender")
    report, _ = start_report(
        addresses=["a.example"], source=Source.PUBLIC, idempotency=None, practice=True, now=now, over=over
    )
    complete_report(report=report, details={}, urgent=False, now=now)
    report = save_details(report=report, details={"danger": "yes"}, urgent=True, now=now)
    assert (report.lane, report.state) == (Lane.URGENT, ReportState.RECEIVED)
    assert Event.objects.get(kind="ReportReceived").ids == [report.pk]


def test_nothing_is_kept_of_who_sent_an_urgent_report(now: datetime) -> None:
    over = Over(Why.SENDER, "hash of a sender")
    report, _ = start_report(
        addresses=["a.example"], source=Source.PUBLIC, idempotency=None, practice=True, now=now, over=over
    )
    save_details(report=report, details={"danger": "yes"}, urgent=True, now=now)
    assert Quarantined.objects.get(report=report).sender == ""


def test_a_kept_sender_would_be_seen(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: nothing forgets the sender."""
    monkeypatch.setattr(QuarantinedReports, "forget_sender", lambda *_: None)
    with pytest.raises(AssertionError):
        test_nothing_is_kept_of_who_sent_an_urgent_report(now)


def test_an_earlier_page_sent_again_takes_nothing_away(receive: Callable[..., Report], now: datetime) -> None:
    """A browser that goes back may send the second page once more, which knows nothing of the third."""
    report = receive("a.example", place="website", more="told on the third page")
    save_details(report=report, details={"place": "website"}, urgent=False, now=now)
    facts = report_page(report.public_id)
    assert facts is not None
    assert facts.details == {"place": "website", "more": "told on the third page"}
