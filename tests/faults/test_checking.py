"""The check that follows the kills sees what it is there to see."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from cast import MakeItem
from faults.checking import faults
from faults.reporting import Sent
from openhotline.accounts.models import Person
from openhotline.assessment.models import Assessment
from openhotline.audit.models import Record
from openhotline.core.events import publish
from openhotline.intake.events import ReportReceived
from openhotline.intake.models import Report
from openhotline.intake.models.receipt import words_from
from openhotline.intake.services.start_report import start_report
from openhotline.intake.states import Source

pytestmark = pytest.mark.django_db

ADDRESS = "http://127.0.0.1:8090/boards/one/threads/1.html"


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """What was answered to the analysts."""
    return tmp_path / "ledger.jsonl"


def sent(now: datetime, key: str, *, words: str = "") -> Sent:
    """Save one report as the door does, and return it as its sender knows it."""
    start_report(addresses=[ADDRESS], source=Source.PUBLIC, idempotency=key, practice=True, now=now)
    return Sent(key, ADDRESS, acknowledged=True, words=words)


def test_nothing_is_wrong_when_everything_is_there(now: datetime, ledger: Path) -> None:
    assert list(faults([sent(now, "one")], ledger)) == []


def test_a_lost_report_is_seen(ledger: Path) -> None:
    assert list(faults([Sent("one", ADDRESS, acknowledged=True)], ledger)) == ["The acknowledged report one is lost."]


def test_a_report_that_nobody_acknowledged_may_be_missing(ledger: Path) -> None:
    assert list(faults([Sent("one", ADDRESS)], ledger)) == []


def test_a_doubled_report_is_seen(now: datetime, ledger: Path) -> None:
    one = sent(now, "one")
    sent(now, "two")
    assert "The report one is there 2 times." in list(faults([one], ledger))


def test_a_report_that_was_sent_on_and_not_received_is_seen(now: datetime, ledger: Path) -> None:
    start = sent(now, "one", words=words_from(1))
    found = list(faults([start], ledger))
    assert "The report one was sent on and acknowledged, and is not received." in found


def test_a_lost_opinion_is_seen(ledger: Path) -> None:
    ledger.write_text(json.dumps({"key": "a-1", "assessment": "asm_1", "facts": {}}) + "\n")
    assert list(faults([], ledger)) == ["The acknowledged opinion a-1 is lost."]


def test_an_opinion_that_changed_is_seen(make_item: MakeItem, analyst: Person, now: datetime, ledger: Path) -> None:
    given = {"person": analyst.public_id, "facts": {"severity": "A"}, "idempotency": "a-1", "made_at": now}
    row = Assessment.objects.create(item=make_item(), **given)
    ledger.write_text(json.dumps({"key": "a-1", "assessment": row.public_id, "facts": {"severity": "B"}}) + "\n")
    assert "The opinion a-1 is not the one that was acknowledged." in list(faults([], ledger))


def test_an_announcement_nobody_took_is_seen(now: datetime, ledger: Path) -> None:
    publish(ReportReceived(ids=(1,)), now=now)
    assert any("(ReportReceived) was not taken" in one for one in faults([], ledger))


def test_a_log_that_tells_less_than_the_tables_is_seen(now: datetime, ledger: Path) -> None:
    one = sent(now, "one")
    Report.objects.create(receipt="0" * 64, source=Source.PUBLIC, practice=True, started_at=now)
    assert Record.objects.filter(action="report_started").count() == 1
    assert list(faults([one], ledger)) == ["The log tells of 1 times report_started; the tables have 2."]
