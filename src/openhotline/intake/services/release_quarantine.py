"""Somebody at the desk lets reports go on from quarantine."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.intake.events import DeviceHashesKept, ReportReceived
from openhotline.intake.models import DeviceHash, Quarantined, Report
from openhotline.intake.policies import check_may_sort_quarantine
from openhotline.intake.states import DeviceHashState, Lane, ReportState, Source

BATCH = 500


def release_quarantine(*, reports: Sequence[str], actor: Person, now: datetime) -> int:
    """Put up to 500 reports, by outside id, into the ordinary lane; return how many were waiting or set aside.

    Those that were received go on as any report does: addresses to be screened, codes from devices to their list. Those
    that are still being written go on once they are sent.
    Raises NotAllowed when the role does not decide this.
    """
    check_may_sort_quarantine(actor)
    with transaction.atomic():
        return let_go(Report.objects.filter(public_id__in=reports[:BATCH]), actor=actor.public_id, now=now)


def let_go(reports: QuerySet[Report], *, actor: str, now: datetime) -> int:
    """Put those of up to 500 reports that are in quarantine into the ordinary lane, in the caller's transaction.

    Returns how many.
    """
    rows = {one.pk: one for one in reports.select_for_update().filter(lane=Lane.QUARANTINE).order_by("pk")}
    if not rows:
        return 0
    complete = [one for one in rows.values() if one.state != ReportState.STARTED]
    sent = tuple(one.pk for one in complete if one.source != Source.DEVICE)
    of_devices = [one.pk for one in complete if one.source == Source.DEVICE]
    codes = DeviceHash.objects.filter(report__in=of_devices, state=DeviceHashState.KEPT).order_by("pk")
    kept = tuple(codes.values_list("pk", flat=True))
    Report.objects.filter(pk__in=rows).update(lane=Lane.ORDINARY)
    Report.objects.filter(pk__in=sent).update(state=ReportState.RECEIVED)
    Report.objects.filter(pk__in=of_devices).update(state=ReportState.SCREENED)
    Quarantined.objects.filter(report__in=rows).delete()
    ids = [one.public_id for one in rows.values()]
    record(actor=actor, action="quarantine_released", subject="reports", now=now, ids=ids)
    if sent:
        publish(ReportReceived(ids=sent), now=now)
    if kept:
        publish(DeviceHashesKept(ids=kept), now=now)
    return len(rows)
