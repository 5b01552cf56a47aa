"""A partner reports by the API: one or many at once, received in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError

from openhotline.audit.services.record import record
from openhotline.core.crypto import door_lookup, seal_at_the_door
from openhotline.core.events import publish_among
from openhotline.core.ids import public_id
from openhotline.core.net.addresses import parse
from openhotline.core.net.errors import AddressInvalid
from openhotline.core.together import Together
from openhotline.intake.errors import AnotherBody
from openhotline.intake.events import ReportReceived
from openhotline.intake.models import (
    Partner,
    PartnerReport,
    PartnerRequest,
    Quarantined,
    Report,
    ReportedAddress,
)
from openhotline.intake.models.receipt import next_change, receipt_word
from openhotline.intake.models.report import sealed
from openhotline.intake.policies import lane_of
from openhotline.intake.states import Lane, ReportState, Source, Why

Answer = list[dict[str, Any]]


@dataclass(frozen=True)
class Statement:
    """What a partner says: addresses as they were sent, and details by the names of `states.QUESTIONS`."""

    addresses: tuple[str, ...]
    details: Mapping[str, str]
    urgent: bool = False


@dataclass(frozen=True)
class Sending:
    """A request by its idempotency key and its exact bytes: the same again is answered the same."""

    key: str
    body: bytes


@dataclass(frozen=True)
class _Taken:
    report: Report
    sealed: list[bytes]
    answer: dict[str, Any]


def take_reports(
    *,
    partner: Partner,
    sending: Sending,
    statements: Sequence[Statement],
    why: Why | None,
    actor: str,
    now: datetime,
    came_before: Callable[[], object] = lambda: None,
) -> Answer:
    """Receive the statements, sealed, and return for each its id, word, moments and which addresses do not read as one.

    ``why``: over which limit they go; then they wait in quarantine, but for urgent ones, and the answer is no other.
    Sent again with its key, a request is answered as the first time, and nothing comes in twice: ``came_before`` is
    called then, so that it does not count. Raises AnotherBody when the key came with other bytes.
    """
    asked = PartnerRequest(
        partner=partner,
        idempotency=door_lookup("idempotency", f"{partner.pk} {sending.key}"),
        body=door_lookup("body", sending.body),
        at=now,
    )
    taken = [_taken(one, why, now) for one in statements]
    asked.answer = [one.answer for one in taken]
    try:
        # A request that came before is found by its row being in the way, and of two at the same moment the second
        # waits for the first. Nothing is looked up for the many that come once.
        together = Together()
        together.add(asked)
        _save(taken, partner, why, now, together)
        _announce(taken, actor, now, together)
        together.write()
    except IntegrityError:
        before = _answered(asked, came_before)
        if before is None:
            raise
        return before
    return [one.answer for one in taken]


def _answered(asked: PartnerRequest, came_before: Callable[[], object]) -> Answer | None:
    rows = PartnerRequest.objects.filter(partner=asked.partner, idempotency=asked.idempotency)
    row = rows.values_list("body", "answer").first()
    if row is None:
        return None
    came_before()
    if row[0] != asked.body:
        raise AnotherBody(
            "This Idempotency-Key came before with another request. Send what is new under a new key; to ask for the "
            "answer again, send exactly the same bytes. Nothing was kept."
        )
    answer: Answer = row[1]
    return answer


def _taken(said: Statement, why: Why | None, now: datetime) -> _Taken:
    report = Report(
        public_id=public_id("rep"),
        source=Source.PARTNER,
        state=ReportState.RECEIVED,
        lane=lane_of(why, urgent=said.urgent),
        started_at=now,
        received_at=now,
        details=sealed(said.details).details,
        practice=settings.PRACTICE,
    )
    turn = next_change(now, now)
    answer = {
        "id": report.public_id,
        "stage": receipt_word(now, now).value,
        "received_at": now.isoformat(),
        "next_change": turn.isoformat() if turn else None,
        "unreadable": [place for place, one in enumerate(said.addresses) if not _reads(one)],
    }
    return _Taken(report, [seal_at_the_door(one) for one in said.addresses], answer)


def _reads(address: str) -> bool:
    try:
        parse(address)
    except AddressInvalid:
        return False
    return True


def _save(taken: Sequence[_Taken], partner: Partner, why: Why | None, now: datetime, together: Together) -> None:
    together.add(*(one.report for one in taken))
    together.add(
        *(
            ReportedAddress(report=one.report, position=place, sealed=sealed)
            for one in taken
            for place, sealed in enumerate(one.sealed)
        )
    )
    turn = next_change(now, now)
    together.add(*(PartnerReport(report=one.report, partner=partner, next_at=turn) for one in taken))
    if why is not None:
        together.add(
            *(
                Quarantined(report=one.report, why=why, sender=partner.public_id, at=now)
                for one in taken
                if one.report.lane == Lane.QUARANTINE
            )
        )


def _announce(taken: Sequence[_Taken], actor: str, now: datetime, together: Together) -> None:
    reports = [one.report for one in taken]
    waiting = sum(report.lane == Lane.QUARANTINE for report in reports)
    record(
        actor=actor,
        action="partner_reports_received",
        subject="reports",
        now=now,
        ids=[report.public_id for report in reports],
        detail={"addresses": sum(len(one.sealed) for one in taken), "quarantined": waiting},
        among=together,
    )
    going_on = [report for report in reports if report.lane != Lane.QUARANTINE]
    if going_on:
        publish_among(ReportReceived, going_on, among=together, now=now)
