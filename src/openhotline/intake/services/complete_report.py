"""Somebody sends the report that their first page started."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.intake.events import ReportReceived
from openhotline.intake.models import Report
from openhotline.intake.models.report import sealed
from openhotline.intake.services.save_details import hear
from openhotline.intake.states import Lane, ReportState


def complete_report(
    *,
    report: Report,
    details: Mapping[str, str],
    urgent: bool,
    now: datetime,
    contact: str = "",
    actor: str = "public",
) -> Report:
    """Receive the report and announce it. Sent twice is received once; what is told late is heard as well."""
    to_keep = sealed(details, contact)
    with transaction.atomic():
        report = Report.objects.select_for_update().get(pk=report.pk)
        told = hear(report, to_keep, urgent=urgent, sent=True, now=now)
        received = report.state == ReportState.STARTED
        if received:
            report.state, report.received_at = ReportState.RECEIVED, now
            report.save(update_fields=["state", "received_at"])
            # What waits in quarantine goes on when somebody releases it, or when a danger is told after all.
            if report.lane != Lane.QUARANTINE:
                publish(ReportReceived(ids=(report.pk,)), now=now)
        if told or received:
            record(
                actor=actor,
                action="report_received" if received else "report_added_to",
                subject=report.public_id,
                now=now,
                detail={"lane": report.lane, "details": to_keep.details is not None},
            )
    return report
