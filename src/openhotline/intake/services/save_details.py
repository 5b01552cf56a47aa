"""What was told so far is kept before the report is sent."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.intake.events import ReportReceived
from openhotline.intake.models import Quarantined, Report
from openhotline.intake.models.report import Told, sealed
from openhotline.intake.states import Lane, ReportState


def save_details(
    *,
    report: Report,
    details: Mapping[str, str],
    urgent: bool,
    now: datetime,
    contact: str = "",
    actor: str = "public",
) -> Report:
    """Keep details, contact and lane of a report: a form that is left now still is a report with them.

    What is told again takes the place of what was told before; a danger once told stays, and is heard at once. That the
    report was received meanwhile loses nothing of it: see `Report.tell`.
    """
    to_keep = sealed(details, contact)
    with transaction.atomic():
        report = Report.objects.select_for_update().get(pk=report.pk)
        if hear(report, to_keep, urgent=urgent, sent=False, now=now):
            record(
                actor=actor,
                action="report_details_saved",
                subject=report.public_id,
                now=now,
                detail={"lane": report.lane},
            )
    return report


def hear(report: Report, told: Told, *, urgent: bool, sent: bool, now: datetime) -> bool:
    """Put what was told on a locked report; return whether anything changed.

    A danger ends its quarantine: nothing groups it by its sender any more, and if it was received, it goes on now.
    """
    waited = report.lane == Lane.QUARANTINE
    changed = report.tell(told, urgent=urgent, sent=sent, now=now)
    if waited and report.lane == Lane.URGENT:
        Quarantined.objects.forget_sender(report)
        if report.state != ReportState.STARTED:
            report.state = ReportState.RECEIVED
            report.save(update_fields=["state"])
            publish(ReportReceived(ids=(report.pk,)), now=now)
    return changed
