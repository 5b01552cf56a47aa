"""What was told so far is kept before the report is sent."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.intake.models import Report
from openhotline.intake.models.report import sealed
from openhotline.intake.states import ReportState


def save_details(
    *,
    report: Report,
    details: Mapping[str, str],
    urgent: bool,
    now: datetime,
    contact: str = "",
    actor: str = "public",
) -> Report:
    """Keep details, contact and lane of a report that was started: a form that is left now still is a report with them.

    What is told again takes the place of what was told before; a danger once told stays. A report already received is
    left as it is.
    """
    to_keep = sealed(details, contact)
    with transaction.atomic():
        report = Report.objects.select_for_update().get(pk=report.pk)
        if report.state == ReportState.STARTED and report.tell(to_keep, urgent=urgent):
            record(
                actor=actor,
                action="report_details_saved",
                subject=report.public_id,
                now=now,
                detail={"lane": report.lane},
            )
    return report
