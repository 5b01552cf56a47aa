"""Somebody at the desk sets reports in quarantine aside: they are not looked at, and not lost."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.intake.models import Quarantined, Report
from openhotline.intake.policies import check_may_sort_quarantine
from openhotline.intake.states import Lane, ReportState

BATCH = 500


def set_aside_quarantine(*, reports: Sequence[str], actor: Person, now: datetime) -> int:
    """Set up to 500 received reports in quarantine aside, by outside id; return how many. They can be released later.

    Raises NotAllowed when the role does not decide this.
    """
    check_may_sort_quarantine(actor)
    with transaction.atomic():
        waiting = Report.objects.select_for_update().filter(
            public_id__in=reports[:BATCH], lane=Lane.QUARANTINE, state=ReportState.RECEIVED
        )
        names = dict(waiting.order_by("pk").values_list("pk", "public_id"))
        if names:
            Report.objects.filter(pk__in=names).update(state=ReportState.SET_ASIDE)
            Quarantined.objects.filter(report__in=names).delete()
            ids = [*names.values()]
            record(actor=actor.public_id, action="quarantine_set_aside", subject="reports", now=now, ids=ids)
    return len(names)
