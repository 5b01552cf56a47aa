"""A young person's codes are kept, sealed, and announced."""

from collections.abc import Callable
from datetime import datetime

import pytest

from openhotline.audit.models import Record
from openhotline.core import models as core
from openhotline.core.crypto import open_from_the_door
from openhotline.intake.models import DeviceHash, Report
from openhotline.intake.models.device_hash import PictureCode
from openhotline.intake.queries import opened_codes, reports_waiting
from openhotline.intake.services import keep_device_hash as operation
from openhotline.intake.services.start_report import Over
from openhotline.intake.states import Lane, ReportState, Source, Why

KeepCodes = Callable[..., Report]


def test_codes_are_a_report_of_their_own_that_needs_no_screening(keep: KeepCodes, now: datetime) -> None:
    report = keep()
    assert (report.source, report.state, report.received_at) == (Source.DEVICE, ReportState.SCREENED, now)
    assert report.lane == Lane.ORDINARY
    assert not reports_waiting()


def test_each_code_is_sealed_as_it_was_sent(keep: KeepCodes, codes: list[PictureCode]) -> None:
    report = keep()
    rows = report.device_hashes.order_by("position")
    assert [open_from_the_door(bytes(row.sealed)) for row in rows] == [str(code) for code in codes]
    assert [one.code for one in opened_codes([row.pk for row in rows])] == codes


def test_no_code_stands_in_any_column_in_clear(keep: KeepCodes, codes: list[PictureCode]) -> None:
    keep()
    for model in (Report, DeviceHash, Record, core.Event):
        for row in model.objects.values():  # type: ignore[attr-defined] # every model has its manager
            assert not any(
                code.hash in str(value) or code.hash.encode() in _bytes(value)
                for code in codes
                for value in row.values()
            )


def _bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else b""


def test_a_code_in_clear_would_be_seen(
    keep: KeepCodes, codes: list[PictureCode], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: nothing is sealed."""
    monkeypatch.setattr(operation, "seal_at_the_door", str.encode)
    with pytest.raises(AssertionError):
        test_no_code_stands_in_any_column_in_clear(keep, codes)


def test_they_are_announced_and_recorded_without_the_hash(keep: KeepCodes) -> None:
    report = keep()
    keys = [row.pk for row in report.device_hashes.order_by("pk")]
    assert core.Event.objects.get(kind="DeviceHashesKept").ids == keys
    line = Record.objects.get(action="device_hashes_kept")
    assert (line.subject, line.count, line.detail) == (report.public_id, 2, {"kept": 2})


def test_over_a_limit_codes_are_kept_and_wait_for_a_person(keep: KeepCodes, codes: list[PictureCode]) -> None:
    report = keep(over=Over(Why.SENDER, "s1"))
    assert (report.state, report.lane) == (ReportState.RECEIVED, Lane.QUARANTINE)
    assert [one.code for one in opened_codes([row.pk for row in report.device_hashes.all()])] == codes
    assert not core.Event.objects.exists()
    assert not reports_waiting().exists()


def test_it_is_not_announced_as_a_report_to_screen(keep: KeepCodes) -> None:
    keep()
    assert not core.Event.objects.filter(kind="ReportReceived").exists()


def test_the_same_page_sent_twice_is_one_report(keep: KeepCodes) -> None:
    assert keep().pk == keep().pk
    assert DeviceHash.objects.count() == 2
    assert core.Event.objects.filter(kind="DeviceHashesKept").count() == 1


def test_other_codes_of_the_same_page_are_another_report(keep: KeepCodes, codes: list[PictureCode]) -> None:
    """Nothing that was sent is lost because a page was used twice."""
    assert keep().pk != keep(sent=codes[:1]).pk
    assert DeviceHash.objects.count() == 3
