"""Whoever sent codes takes them back with the words of the receipt."""

from collections.abc import Callable
from datetime import datetime

import pytest

from openhotline.audit.models import Record
from openhotline.core import models as core
from openhotline.intake.models import DeviceHash, Report
from openhotline.intake.models.receipt import NotAReceipt, words_from
from openhotline.intake.queries import opened_codes
from openhotline.intake.services.start_report import words_of
from openhotline.intake.services.withdraw_device_hash import withdraw_device_hash
from openhotline.intake.states import DeviceHashState, ReportState

KeepCodes = Callable[..., Report]


def test_the_codes_go_and_the_report_stays(keep: KeepCodes, now: datetime) -> None:
    report = keep()
    assert withdraw_device_hash(words=words_of(report), now=now) == 2
    rows = DeviceHash.objects.all()
    assert {(row.state, bytes(row.sealed)) for row in rows} == {(DeviceHashState.WITHDRAWN, b"")}
    report.refresh_from_db()
    assert report.state == ReportState.SCREENED
    assert opened_codes([row.pk for row in rows]) == []


def test_it_is_announced_and_recorded_once(keep: KeepCodes, now: datetime) -> None:
    report = keep()
    assert [withdraw_device_hash(words=words_of(report), now=now) for _ in range(2)] == [2, 2]
    keys = [row.pk for row in report.device_hashes.order_by("pk")]
    assert core.Event.objects.get(kind="DeviceHashesWithdrawn").ids == keys
    line = Record.objects.get(action="device_hashes_withdrawn")
    assert (line.subject, line.detail) == (report.public_id, {"removed": 2})


def test_the_codes_of_others_stay(keep: KeepCodes, now: datetime) -> None:
    """The same picture, sent by two people: each takes back their own."""
    mine, other = keep("mine"), keep("other")
    withdraw_device_hash(words=words_of(mine), now=now)
    assert {row.state for row in other.device_hashes.all()} == {DeviceHashState.KEPT}


def test_words_of_an_address_report_take_nothing_back(receive: Callable[..., Report], now: datetime) -> None:
    assert withdraw_device_hash(words=words_of(receive("example.org")), now=now) == 0
    assert not Record.objects.filter(action="device_hashes_withdrawn").exists()


def test_words_of_no_report_take_nothing_back(keep: KeepCodes, now: datetime) -> None:
    keep()
    assert withdraw_device_hash(words=words_from(8), now=now) is None
    with pytest.raises(NotAReceipt):
        withdraw_device_hash(words="no words of ours", now=now)
