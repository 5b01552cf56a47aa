"""Sending receives a report and announces it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from openhotline.audit.models import Record
from openhotline.core import models as core_models
from openhotline.intake.models import Report
from openhotline.intake.queries import report_page
from openhotline.intake.services.complete_report import complete_report
from openhotline.intake.services.finish_abandoned import finish_abandoned
from openhotline.intake.services.save_details import save_details
from openhotline.intake.services.withdraw_contact import withdraw_contact
from openhotline.intake.states import Lane, ReportState

pytestmark = pytest.mark.django_db


def test_it_is_received_and_announced(receive: Callable[..., Report]) -> None:
    report = receive("a.example")
    assert report.state == ReportState.RECEIVED
    event = core_models.Event.objects.get()
    assert (event.kind, event.ids) == ("ReportReceived", [report.pk])


def test_sent_twice_is_received_once(receive: Callable[..., Report], now: datetime) -> None:
    report = receive("a.example")
    again = complete_report(report=report, details={}, urgent=False, now=now + timedelta(hours=1))
    assert again.received_at == now
    assert core_models.Event.objects.count() == 1
    assert Record.objects.filter(action="report_received").count() == 1


def test_danger_now_goes_to_the_urgent_lane(receive: Callable[..., Report]) -> None:
    assert receive("a.example", urgent=True).lane == Lane.URGENT


def test_a_danger_is_heard_even_after_the_report_was_received(receive: Callable[..., Report], now: datetime) -> None:
    report = complete_report(report=receive("a.example"), details={"more": "late"}, urgent=True, now=now)
    facts = report_page(report.public_id)
    assert facts is not None
    assert (facts.report.lane, facts.details) == (Lane.URGENT, {"more": "late"})


def test_what_is_sent_late_takes_the_place_of_what_was_there(receive: Callable[..., Report], now: datetime) -> None:
    """The page says that it was sent, so it was: every form carries all earlier answers."""
    report = receive("a.example", more="first")
    complete_report(report=report, details={"more": "2nd"}, contact="01632 960001", urgent=False, now=now)
    facts = report_page(report.public_id)
    assert facts is not None
    assert (facts.details, facts.contact) == ({"more": "2nd"}, "01632 960001")


def test_a_page_that_tells_nothing_takes_nothing_away(receive: Callable[..., Report], now: datetime) -> None:
    report = complete_report(report=receive("a.example", more="first"), details={}, urgent=False, now=now)
    facts = report_page(report.public_id)
    assert facts is not None
    assert facts.details == {"more": "first"}


def test_contact_details_that_were_taken_back_do_not_return(receive: Callable[..., Report], now: datetime) -> None:
    """An old page that is sent once more still carries them."""
    report = receive("a.example", more="first")
    withdraw_contact(report=report, now=now)
    complete_report(report=report, details={"more": "first"}, contact="01632 960001", urgent=False, now=now)
    assert Report.objects.get().contact is None


def test_contact_details_that_return_would_be_seen(
    receive: Callable[..., Report], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: that they were taken back is not remembered."""
    monkeypatch.setitem(globals(), "withdraw_contact", lambda **_: None)
    with pytest.raises(AssertionError):
        test_contact_details_that_were_taken_back_do_not_return(receive, now)


def test_what_was_told_while_the_hotline_took_the_writer_for_gone_is_kept(
    start: Callable[..., Report], now: datetime
) -> None:
    """A danger is told at once; the rest takes eleven minutes to write."""
    report = save_details(report=start("a.example"), details={"danger": "yes"}, urgent=True, now=now)
    later = now + timedelta(minutes=11)
    assert finish_abandoned(now=later) == 1
    written = {"danger": "yes", "more": "where the child is"}
    save_details(report=report, details=written, urgent=True, contact="me", now=later)
    facts = report_page(report.public_id)
    assert facts is not None
    assert (facts.details, facts.contact) == (written, "me")
