"""The public door saves what somebody reports, before anything else is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.crypto import receipt_lookup, seal_at_the_door
from openhotline.core.ids import public_id
from openhotline.intake.models import Quarantined, Report, ReportedAddress
from openhotline.intake.models.receipt import BITS, LENGTH, words_from
from openhotline.intake.policies import lane_of
from openhotline.intake.states import Lane, Source, Why


@dataclass(frozen=True)
class Over:
    """Over which limit a report goes, and the day's hash of who sent it."""

    why: Why
    sender: str


def start_report(
    *,
    addresses: Sequence[str],
    source: Source,
    idempotency: str | None,
    practice: bool,
    now: datetime,
    actor: str = "public",
    over: Over | None = None,
) -> tuple[Report, str]:
    """Save the addresses, sealed as typed, and return the report with the words of its receipt.

    The same ``idempotency`` with the same addresses gives the same report again; with other addresses a new one,
    so that nothing that was typed is lost. No address at all makes a report that goes to a person. ``over`` says that
    it goes over a limit: it then waits in quarantine, and the answer is no other.
    """
    again = _again(idempotency, addresses)
    sealed = [seal_at_the_door(address) for address in addresses]
    with transaction.atomic():
        lane = lane_of(over.why if over else None)
        report, is_new = _saved(source=source, idempotency=again, practice=practice, lane=lane, now=now)
        if is_new:
            if over is not None:
                Quarantined.objects.create(report=report, why=over.why, sender=over.sender, at=now)
            ReportedAddress.objects.bulk_create(
                ReportedAddress(report=report, position=place, sealed=one) for place, one in enumerate(sealed)
            )
            record(
                actor=actor,
                action="report_started",
                subject=report.public_id,
                now=now,
                detail={"source": source, "addresses": len(sealed)},
            )
    return report, words_of(report)


def words_of(report: Report) -> str:
    """Return the words of a report's receipt: they follow from its outside id under the receipt key."""
    return _words(report.public_id)


def _again(idempotency: str | None, addresses: Sequence[str]) -> str | None:
    if idempotency is None:
        return None
    return receipt_lookup("\n".join(["sent again", idempotency, *addresses]))


def _saved(
    *, source: Source, idempotency: str | None, practice: bool, lane: Lane, now: datetime
) -> tuple[Report, bool]:
    """Return the report and whether it is new; two that arrive together with one key make one."""
    name = public_id("rep")
    while Report.objects.filter(receipt=_receipt_of(name)).exists():
        name = public_id("rep")
    new = {
        "public_id": name,
        "receipt": _receipt_of(name),
        "source": source,
        "lane": lane,
        "practice": practice,
        "started_at": now,
    }
    if idempotency is None:
        return Report.objects.create(**new), True
    return Report.objects.get_or_create(idempotency=idempotency, defaults=new)


def _receipt_of(name: str) -> str:
    return receipt_lookup(_words(name))


def _words(name: str) -> str:
    chance = int(receipt_lookup(f"words of {name}"), 16)
    return words_from(chance >> 256 - LENGTH * BITS)
