"""A form that was left half-way is still a report."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from openhotline.core import models as core_models
from openhotline.intake.models import Report
from openhotline.intake.services.finish_abandoned import finish_abandoned
from openhotline.intake.services.save_details import save_details
from openhotline.intake.states import ReportState

pytestmark = pytest.mark.django_db


def test_after_a_day_it_is_received(start: Callable[..., Report], now: datetime) -> None:
    report = start("a.example")
    assert finish_abandoned(now=now + timedelta(hours=24)) == 1
    report.refresh_from_db()
    assert report.state == ReportState.RECEIVED
    assert core_models.Event.objects.get().ids == [report.pk]


def test_before_it_may_still_be_written(start: Callable[..., Report], now: datetime) -> None:
    start("a.example")
    assert finish_abandoned(now=now + timedelta(hours=23, minutes=59)) == 0


def test_one_with_a_child_in_danger_does_not_wait_a_day(start: Callable[..., Report], now: datetime) -> None:
    save_details(report=start("a.example"), details={}, urgent=True, now=now)
    start("b.example")
    assert finish_abandoned(now=now + timedelta(minutes=10)) == 1


def test_it_is_received_once(start: Callable[..., Report], now: datetime) -> None:
    start("a.example")
    finish_abandoned(now=now + timedelta(days=2))
    assert finish_abandoned(now=now + timedelta(days=3)) == 0


def test_a_report_that_was_sent_is_not_abandoned(receive: Callable[..., Report], now: datetime) -> None:
    receive("a.example")
    assert finish_abandoned(now=now + timedelta(days=2)) == 0


def test_the_time_counts_from_the_last_word_that_was_told(start: Callable[..., Report], now: datetime) -> None:
    told = now + timedelta(minutes=9)
    save_details(report=start("a.example"), details={"danger": "yes"}, urgent=True, now=told)
    assert finish_abandoned(now=now + timedelta(minutes=11)) == 0
    assert finish_abandoned(now=told + timedelta(minutes=10)) == 1
