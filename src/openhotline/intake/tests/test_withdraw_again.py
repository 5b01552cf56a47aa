"""After a restore what people had taken back is taken back again."""

from collections.abc import Callable
from datetime import datetime

import pytest

from openhotline.audit.models import Record
from openhotline.core import models as core
from openhotline.intake.models import DeviceHash, Report
from openhotline.intake.queries import opened_codes
from openhotline.intake.services import withdraw_again as module
from openhotline.intake.services.withdraw_again import withdraw_again
from openhotline.intake.states import DeviceHashState

KeepCodes = Callable[..., Report]


@pytest.fixture
def back(keep: KeepCodes) -> dict[str, list[str]]:
    """A report as the backup has it, and what was taken back of it since."""
    report = keep()
    Report.objects.filter(pk=report.pk).update(contact=b"sealed", details=b"sealed")
    codes = [one.public_id for one in report.device_hashes.order_by("pk")]
    return {"code": codes, "contact": [report.public_id], "told": [report.public_id], "purge": ["prg_x"]}


def test_codes_contact_and_what_was_told_go_again_once(back: dict[str, list[str]], now: datetime) -> None:
    assert [withdraw_again(taken=back, actor="test", now=now) for _ in range(2)] == [4, 0]
    rows = DeviceHash.objects.all()
    assert {(row.state, bytes(row.sealed)) for row in rows} == {(DeviceHashState.WITHDRAWN, b"")}
    report = Report.objects.get()
    assert (report.contact, report.details, report.contact_withdrawn) == (None, None, True)
    assert core.Event.objects.get(kind="DeviceHashesWithdrawn").ids == [row.pk for row in rows.order_by("pk")]
    assert Record.objects.get(action="withdrawn_again").count == 4


def test_what_nobody_took_back_stays_and_what_is_not_here_is_passed_over(
    back: dict[str, list[str]], now: datetime
) -> None:
    assert withdraw_again(taken={"code": back["code"][:1], "contact": ["rep_gone"]}, actor="test", now=now) == 1
    kept = DeviceHash.objects.get(public_id=back["code"][1])
    assert len(opened_codes([kept.pk])) == 1
    assert Report.objects.get().contact is not None


def test_planted_bug_codes_that_are_not_taken_back_again_would_reach_members(
    back: dict[str, list[str]], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_codes", lambda *_: [])
    withdraw_again(taken=back, actor="test", now=now)
    assert len(opened_codes(list(DeviceHash.objects.values_list("pk", flat=True)))) == 2
