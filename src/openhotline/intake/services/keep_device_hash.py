"""The public door keeps codes of pictures that a young person made on their own device."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.crypto import seal_at_the_door
from openhotline.core.events import publish
from openhotline.intake.events import DeviceHashesKept
from openhotline.intake.models import DeviceHash, Report
from openhotline.intake.models.device_hash import PictureCode, write_codes
from openhotline.intake.services.start_report import Over, start_report
from openhotline.intake.states import Lane, ReportState, Source


def keep_device_hash(
    *,
    codes: Sequence[PictureCode],
    idempotency: str,
    practice: bool,
    now: datetime,
    actor: str = "public",
    over: Over | None = None,
) -> Report:
    """Keep the codes, sealed, as a report of their own and announce them; `start_report.words_of` gives its words.

    The same ``idempotency`` with the same codes gives the same report again. Nothing is looked up: what is done does
    not depend on whether a code is known. There is no address to screen, so the report is past that from the first.
    ``over`` says that it goes over a limit: it then waits in quarantine, and its codes are not announced before it is
    released; the answer is no other.
    """
    sealed = [seal_at_the_door(str(code)) for code in codes]
    with transaction.atomic():
        report, _ = start_report(
            addresses=(),
            source=Source.DEVICE,
            idempotency=f"{idempotency}\n{write_codes(codes)}",
            practice=practice,
            now=now,
            actor=actor,
            over=over,
        )
        report = Report.objects.select_for_update().get(pk=report.pk)
        if report.state == ReportState.STARTED:
            waits = report.lane == Lane.QUARANTINE
            report.state, report.received_at = ReportState.RECEIVED if waits else ReportState.SCREENED, now
            report.save(update_fields=["state", "received_at"])
            rows = [DeviceHash(report=report, position=place, sealed=one) for place, one in enumerate(sealed)]
            kept = DeviceHash.objects.bulk_create(rows)
            record(
                actor=actor,
                action="device_hashes_kept",
                subject=report.public_id,
                now=now,
                ids=[row.public_id for row in kept],
                detail={"kept": len(kept)},
            )
            if not waits:
                publish(DeviceHashesKept(ids=tuple(row.pk for row in kept)), now=now)
    return report
