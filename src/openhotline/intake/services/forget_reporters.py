"""What reporters told, and addresses as they were typed, have served: they are taken away."""

from collections.abc import Callable, Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from openhotline.audit.services.record import record
from openhotline.intake.models import Answer, Report, ReportedAddress
from openhotline.intake.states import Lane, ReportState
from openhotline.retention.policies import settle_holds

BATCH = 500
NOTHING = b""
OVER = (ReportState.SCREENED, ReportState.SET_ASIDE, ReportState.FOR_A_PERSON)


def forget_reporters(*, before: datetime, keep: Callable[[], Collection[str]], actor: str, now: datetime) -> int:
    """Take away what was told with up to 500 reports that were received before; return of how many.

    That is details, contact details, addresses as they were typed, and answers; of reports that were screened, set
    aside from quarantine, or read by a person.

    That a report came in stays, and so do screened addresses. A report that waits for a person, or is urgent, keeps
    what was told until a person has read it, and its time counts from then on; ``keep`` is asked for
    the reports under a legal hold (outside ids) once no hold can be placed beside this.
    """
    told = Q(details__isnull=False) | Q(contact__isnull=False)
    for told_in in ("addresses", "questions__answers"):
        told |= ~Q(**{f"{told_in}__sealed": NOTHING}) & Q(**{f"{told_in}__isnull": False})
    with transaction.atomic():
        settle_holds()
        unread = Q(lane=Lane.URGENT) | Q(state=ReportState.FOR_A_PERSON)
        over = Q(read_at__lt=before) | (Q(received_at__lt=before) & ~unread)
        due = Report.objects.filter(told, over, state__in=OVER)
        rows = due.exclude(public_id__in=keep()).order_by("pk").values_list("pk", "public_id").distinct()[:BATCH]
        names = dict(rows)
        if names:
            Report.objects.filter(pk__in=names).update(details=None, contact=None)
            ReportedAddress.objects.filter(report__in=names).update(sealed=NOTHING, refusal="")
            Answer.objects.filter(question__report__in=names).update(sealed=NOTHING)
            record(actor=actor, action="reporters_forgotten", subject="reports", ids=[*names.values()], now=now)
    return len(names)
