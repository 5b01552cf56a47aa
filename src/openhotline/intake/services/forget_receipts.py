"""Receipts end, on one timetable for everybody."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from openhotline.audit.services.record import record
from openhotline.intake.models import PartnerRequest, Question, Report
from openhotline.intake.services.forget_reporters import NOTHING

BATCH = 500


def forget_receipts(*, before: datetime, actor: str, now: datetime) -> int:
    """Take away the keyed hashes of receipt and sending of up to 500 reports received before, and what was asked.

    Return how many. A question is of no use without a receipt to read it by.

    So are the answers that partners' requests were given before, which hold keyed hashes of the same kind.

    It depends on nothing but the moment of the report: not on what became of it, and not on a legal hold. A receipt
    that went on where others end would tell its holder something.
    """
    given = Q(receipt__isnull=False) | Q(idempotency__isnull=False)
    with transaction.atomic():
        due = Report.objects.filter(given, received_at__lt=before).order_by("pk")
        names = dict(due.values_list("pk", "public_id")[:BATCH])
        if names:
            Report.objects.filter(pk__in=names).update(receipt=None, idempotency=None)
            Question.objects.filter(report__in=names).update(sealed=NOTHING)
            record(actor=actor, action="receipts_forgotten", subject="reports", ids=[*names.values()], now=now)
        answered = list(
            PartnerRequest.objects.filter(at__lt=before).order_by("pk").values_list("pk", flat=True)[:BATCH]
        )
        if answered:
            PartnerRequest.objects.filter(pk__in=answered).delete()
            record(actor=actor, action="partner_requests_forgotten", subject="requests", ids=answered, now=now)
    return len(names) + len(answered)
