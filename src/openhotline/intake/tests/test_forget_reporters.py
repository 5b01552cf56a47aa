"""What reporters told has served."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from openhotline.audit.models import Record
from openhotline.core.crypto import seal_at_the_door
from openhotline.intake.models import Report, ReportedAddress
from openhotline.intake.queries import report_page
from openhotline.intake.services import forget_reporters as module
from openhotline.intake.services.forget_reporters import forget_reporters
from openhotline.intake.states import ReportState

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(db: None, now: datetime) -> Callable[..., Report]:
    """A report of 200 days ago with an address and something told beside it."""

    def make(days: int = 200, **other: object) -> Report:
        at = now - timedelta(days=days)
        fields = {"source": "public", "state": ReportState.SCREENED, "started_at": at, "received_at": at}
        report = Report.objects.create(**fields | {"details": seal_at_the_door('{"more": "told"}')} | other)
        typed = seal_at_the_door("http://127.0.0.1/a")
        ReportedAddress.objects.create(report=report, position=1, sealed=typed)
        return report

    return make


def forget(now: datetime, *keep: str) -> int:
    return forget_reporters(before=now - timedelta(days=180), keep=lambda: keep, actor="step:tick", now=now)


def kept() -> list[bool]:
    return [row.details is not None for row in Report.objects.order_by("pk")]


def test_what_was_told_goes_and_the_report_stays(told: Callable[..., Report], now: datetime) -> None:
    report = told()
    assert forget(now) == 1
    facts = report_page(report.public_id)
    assert (facts.details, [line.typed for line in facts.lines]) == ({}, ["(no longer kept as it was typed)"])


def test_why_an_address_could_not_be_read_goes_with_it(told: Callable[..., Report], now: datetime) -> None:
    told()
    ReportedAddress.objects.update(refusal="The address has 8,193 characters.")
    forget(now)
    assert ReportedAddress.objects.get().refusal == ""


def test_a_younger_report_keeps_it(told: Callable[..., Report], now: datetime) -> None:
    told(days=179)
    assert forget(now) == 0


@pytest.mark.parametrize("state", [ReportState.STARTED, ReportState.RECEIVED, ReportState.FOR_A_PERSON])
def test_a_report_that_still_waits_keeps_it(told: Callable[..., Report], now: datetime, state: ReportState) -> None:
    told(state=state)
    assert (forget(now), kept()) == (0, [True])


def test_a_held_report_keeps_it(told: Callable[..., Report], now: datetime) -> None:
    held = told()
    told()
    assert (forget(now, held.public_id), kept()) == (1, [True, False])


def test_an_address_without_details_is_forgotten_too(told: Callable[..., Report], now: datetime) -> None:
    told(details=None)
    assert forget(now) == 1
    assert bytes(ReportedAddress.objects.get().sealed) == b""


def test_it_is_done_once_in_batches_and_counted(
    told: Callable[..., Report], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    for _ in range(3):
        told()
    assert (forget(now), forget(now), forget(now)) == (2, 1, 0)
    rows = Record.objects.filter(action="reporters_forgotten").order_by("pk")
    assert [(row.subject, row.count, row.detail) for row in rows] == [("reports", 2, {}), ("reports", 1, {})]


def test_planted_without_the_hold_it_would_be_gone(told: Callable[..., Report], now: datetime) -> None:
    told()
    assert (forget(now), kept()) == (1, [False])
