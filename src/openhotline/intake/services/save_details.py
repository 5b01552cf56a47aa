"""What was told so far is kept before the report is sent."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.intake.models import Report
from openhotline.intake.models.report import sealed_details
from openhotline.intake.states import ReportState


def save_details(
    *, report: Report, details: Mapping[str, str], urgent: bool, now: datetime, actor: str = "public"
) -> Report:
    """Keep details and lane of a report that was started: a form that is left now is still a report with them.

    Details told again replace those before; a danger once told stays. A report already received is left as it is.
    """
    sealed = sealed_details(details)
    with transaction.atomic():
        report = Report.objects.select_for_update().get(pk=report.pk)
        if report.state == ReportState.STARTED and report.tell(sealed, urgent=urgent):
            record(
                actor=actor,
                action="report_details_saved",
                subject=report.public_id,
                now=now,
                detail={"lane": report.lane},
            )
    return report
