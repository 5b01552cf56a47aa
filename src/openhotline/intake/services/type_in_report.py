"""Somebody at the desk types in a report that came by telephone or letter."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.intake.models import Report
from openhotline.intake.policies import check_can_type_in, check_source_is_typed_in
from openhotline.intake.services.complete_report import complete_report
from openhotline.intake.services.start_report import start_report
from openhotline.intake.states import Source


def type_in_report(
    *,
    addresses: Sequence[str],
    source: Source,
    details: Mapping[str, str],
    actor: Person,
    now: datetime,
    urgent: bool = False,
) -> Report:
    """Save and receive it at once. `start_report.words_of` gives the words to tell a caller.

    Raises NotAllowed when the role does not take reports, NotNow for a source that is not typed in.
    """
    check_can_type_in(actor)
    check_source_is_typed_in(source)
    with transaction.atomic():
        report, _ = start_report(
            addresses=addresses,
            source=source,
            idempotency=None,
            practice=settings.PRACTICE,
            now=now,
            actor=actor.public_id,
        )
        report = complete_report(report=report, details=details, urgent=urgent, now=now, actor=actor.public_id)
        record(
            actor=actor.public_id,
            action="report_typed_in",
            subject=report.public_id,
            now=now,
            detail={"source": source},
        )
    return report
