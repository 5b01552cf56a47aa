"""Reports of a partner are received in one transaction, and a request comes in once."""

from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError
from django_tasks_db.models import DBTaskResult

from openhotline.audit.models import Record
from openhotline.core.models import Event
from openhotline.intake.errors import AnotherBody
from openhotline.intake.models import Partner, PartnerRequest, Quarantined, Report
from openhotline.intake.services import take_reports as module
from openhotline.intake.services.take_reports import Sending, Statement, take_reports
from openhotline.intake.states import Lane, Why

SAID = Statement(("https://site.example/very-particular",), {"more": "on Monday"})


def _take(partner: Partner, now: datetime, *said: Statement, key: str = "a", why: Why | None = None) -> Any:
    return take_reports(
        partner=partner, sending=Sending(key, b"body"), statements=said or [SAID], why=why, actor="par_x", now=now
    )


@pytest.mark.django_db
def test_one_request_is_one_line_of_the_log_and_one_announcement(partner: Partner, now: datetime) -> None:
    _take(partner, now, SAID, SAID, SAID)
    line = Record.objects.get(action="partner_reports_received")
    assert (line.count, line.detail) == (3, {"addresses": 3, "quarantined": 0})
    assert "particular" not in str(vars(line))
    assert len(Event.objects.get().ids) == 3


@pytest.mark.django_db
def test_the_table_of_requests_holds_no_key_and_no_body(partner: Partner, now: datetime) -> None:
    _take(partner, now, key="very-particular")
    assert "particular" not in str(PartnerRequest.objects.values().get())


@pytest.mark.django_db
def test_other_bytes_under_a_key_are_refused(partner: Partner, now: datetime) -> None:
    _take(partner, now)
    with pytest.raises(AnotherBody):
        take_reports(
            partner=partner, sending=Sending("a", b"other"), statements=[SAID], why=None, actor="par_x", now=now
        )


@pytest.mark.django_db
def test_in_quarantine_nothing_is_announced_and_danger_does_not_wait(partner: Partner, now: datetime) -> None:
    _take(partner, now, SAID, Statement(SAID.addresses, {}, urgent=True), why=Why.BUDGET)
    assert list(Report.objects.order_by("pk").values_list("lane", flat=True)) == [Lane.QUARANTINE, Lane.URGENT]
    assert Event.objects.get().ids == [Report.objects.get(lane=Lane.URGENT).pk]
    assert Quarantined.objects.get().sender == partner.public_id


@pytest.mark.django_db
def test_when_anything_fails_nothing_is_kept(partner: Partner, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when the last row of all is the one that the database refuses."""
    line: dict[str, Any] = {"uuid": "aud_twice", "at": now, "actor": "test", "action": "report_started", "digest": "0"}
    Record.objects.create(**line)

    def announce_and_fail(*asked: Any) -> None:
        announce(*asked)
        asked[-1].add(Record(**line))

    announce = module._announce
    monkeypatch.setattr(module, "_announce", announce_and_fail)
    with pytest.raises(IntegrityError):
        _take(partner, now)
    kept = [one.__name__ for one in (Report, PartnerRequest, Event, DBTaskResult) if one.objects.exists()]
    assert (kept, Record.objects.filter(action="partner_reports_received").count()) == ([], 0)


@pytest.mark.django_db
def test_planted_a_key_that_is_not_looked_at_is_seen(
    partner: Partner, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "door_lookup", lambda _kind, _value: str(PartnerRequest.objects.count()))
    assert _take(partner, now) != _take(partner, now)
