"""What was told so far is kept before the report is sent."""

from collections.abc import Callable
from datetime import datetime

import pytest

from openhotline.intake.models import Report
from openhotline.intake.queries import report_page
from openhotline.intake.services.save_details import save_details
from openhotline.intake.states import Lane

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


def test_a_received_report_is_left_as_it_is(receive: Callable[..., Report], now: datetime) -> None:
    report = receive("a.example", more="sent")
    save_details(report=report, details={"more": "later"}, urgent=True, now=now)
    facts = report_page(report.public_id)
    assert facts is not None
    assert (facts.details, facts.report.lane) == ({"more": "sent"}, Lane.ORDINARY)
