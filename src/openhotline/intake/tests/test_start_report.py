"""The first page is saved before anything else is asked."""

from datetime import datetime

import pytest

from openhotline.audit.models import Record
from openhotline.core import models as core_models
from openhotline.core.crypto import open_from_the_door
from openhotline.intake.models import Report, ReportedAddress
from openhotline.intake.services import start_report as module
from openhotline.intake.services.start_report import start_report, words_of
from openhotline.intake.states import ReportState, Source

pytestmark = pytest.mark.django_db


def _start(now: datetime, *addresses: str, key: str | None = None) -> tuple[Report, str]:
    return start_report(addresses=addresses, source=Source.PUBLIC, idempotency=key, practice=True, now=now)


def test_addresses_are_saved_sealed_and_in_order(now: datetime) -> None:
    report, _ = _start(now, "a.example", "b.example")
    rows = report.addresses.order_by("position")
    assert [open_from_the_door(bytes(row.sealed)) for row in rows] == ["a.example", "b.example"]
    assert not any(b"example" in bytes(row.sealed) for row in rows)


def test_a_started_report_is_not_yet_announced(now: datetime) -> None:
    report, _ = _start(now, "a.example")
    assert report.state == ReportState.STARTED
    assert not core_models.Event.objects.exists()


def test_sent_again_it_is_the_same_report_with_the_same_receipt(now: datetime) -> None:
    first = _start(now, "a.example", key="once")
    assert _start(now, "a.example", key="once") == first
    assert ReportedAddress.objects.count() == 1
    assert Record.objects.filter(action="report_started").count() == 1


def test_another_address_under_the_same_key_is_not_lost(now: datetime) -> None:
    """Somebody went back and mended the address."""
    _start(now, "a.exmple", key="once")
    _start(now, "a.example", key="once")
    assert Report.objects.count() == 2


def test_without_a_key_every_report_is_its_own(now: datetime) -> None:
    assert _start(now, "a.example")[1] != _start(now, "a.example")[1]


def test_the_words_can_be_told_again(now: datetime) -> None:
    report, words = _start(now, "a.example")
    assert words_of(Report.objects.get(pk=report.pk)) == words


def test_a_receipt_that_is_taken_is_not_given_again(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    first, _ = _start(now)
    names = iter([first.public_id, "rep_other"])
    monkeypatch.setattr(module, "public_id", lambda _prefix: next(names))
    assert _start(now)[0].public_id == "rep_other"


def test_the_log_names_no_address(now: datetime) -> None:
    _start(now, "very-particular.example", key="once")
    line = Record.objects.get(action="report_started")
    assert line.detail == {"source": "public", "addresses": 1}
    assert "particular" not in str(vars(line))
