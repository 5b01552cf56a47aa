"""Once the self-reported list holds a code, the door's sealed copy goes."""

from collections.abc import Callable
from datetime import datetime

from openhotline.audit.models import Record
from openhotline.intake.models import DeviceHash, Report
from openhotline.intake.services.hand_over_device_hashes import hand_over_device_hashes
from openhotline.intake.services.start_report import words_of
from openhotline.intake.services.withdraw_device_hash import withdraw_device_hash
from openhotline.intake.states import DeviceHashState

KeepCodes = Callable[..., Report]


def test_the_sealed_copies_go(keep: KeepCodes, now: datetime) -> None:
    keys = [row.pk for row in keep().device_hashes.all()]
    assert hand_over_device_hashes(ids=keys, actor="step:x", now=now) == 2
    assert {(row.state, bytes(row.sealed)) for row in DeviceHash.objects.all()} == {(DeviceHashState.HANDED_OVER, b"")}
    assert Record.objects.get(action="device_hashes_handed_over").count == 2


def test_handed_over_twice_is_once(keep: KeepCodes, now: datetime) -> None:
    keys = [row.pk for row in keep().device_hashes.all()]
    assert [hand_over_device_hashes(ids=keys, actor="step:x", now=now) for _ in range(2)] == [2, 0]
    assert Record.objects.filter(action="device_hashes_handed_over").count() == 1


def test_what_was_taken_back_stays_taken_back(keep: KeepCodes, now: datetime) -> None:
    report = keep()
    withdraw_device_hash(words=words_of(report), now=now)
    keys = [row.pk for row in report.device_hashes.all()]
    assert hand_over_device_hashes(ids=keys, actor="step:x", now=now) == 0
    assert {row.state for row in report.device_hashes.all()} == {DeviceHashState.WITHDRAWN}
