"""The public door saves what somebody reports, before anything else is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError

from openhotline.audit.services.record import record
from openhotline.core.crypto import receipt_lookup, seal_at_the_door
from openhotline.core.ids import public_id
from openhotline.core.together import Together
from openhotline.intake.models import Quarantined, Report, ReportedAddress
from openhotline.intake.models.receipt import BITS, LENGTH, words_from
from openhotline.intake.policies import lane_of
from openhotline.intake.states import Source, Why


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
    while True:
        name = public_id("rep")
        report = Report(
            public_id=name,
            receipt=_receipt_of(name),
            idempotency=again,
            source=source,
            lane=lane_of(over.why if over else None),
            practice=practice,
            started_at=now,
        )
        try:
            _write(report, sealed, over, actor)
        except IntegrityError:
            # What came before is found by its row being in the way; of two at the same moment the second waited for it.
            before = Report.objects.filter(idempotency=again).first() if again else None
            if before is not None:
                return before, words_of(before)
            if not Report.objects.filter(receipt=report.receipt).exists():
                raise
        else:
            return report, words_of(report)


def _write(report: Report, sealed: Sequence[bytes], over: Over | None, actor: str) -> None:
    together = Together()
    together.add(report)
    if over is not None:
        together.add(Quarantined(report=report, why=over.why, sender=over.sender, at=report.started_at))
    together.add(*(ReportedAddress(report=report, position=place, sealed=one) for place, one in enumerate(sealed)))
    record(
        actor=actor,
        action="report_started",
        subject=report.public_id,
        now=report.started_at,
        detail={"source": report.source, "addresses": len(sealed)},
        among=together,
    )
    together.write()


def words_of(report: Report) -> str:
    """Return the words of a report's receipt: they follow from its outside id under the receipt key."""
    return _words(report.public_id)


def _again(idempotency: str | None, addresses: Sequence[str]) -> str | None:
    if idempotency is None:
        return None
    return receipt_lookup("\n".join(["sent again", idempotency, *addresses]))


def _receipt_of(name: str) -> str:
    return receipt_lookup(_words(name))


def _words(name: str) -> str:
    chance = int(receipt_lookup(f"words of {name}"), 16)
    return words_from(chance >> 256 - LENGTH * BITS)
