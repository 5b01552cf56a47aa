"""Sending receives a report and announces it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from openhotline.audit.models import Record
from openhotline.core import models as core_models
from openhotline.intake.models import Report
from openhotline.intake.queries import report_page
from openhotline.intake.services.complete_report import complete_report
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


def test_details_that_are_there_are_never_replaced_later(receive: Callable[..., Report], now: datetime) -> None:
    report = receive("a.example", more="first")
    complete_report(report=report, details={"more": "second"}, urgent=False, now=now)
    facts = report_page(report.public_id)
    assert facts is not None
    assert facts.details == {"more": "first"}
