"""What was purged or taken back gets a certificate, numbered and chained to the one before."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from openhotline.audit.models import TakenBack
from openhotline.audit.models.taken_back import FORMAT, Certificate, signed
from openhotline.audit.services.record import record
from openhotline.core.keys import signer
from openhotline.core.one_at_a_time import one_at_a_time


def certify(*, kind: str, taken: Mapping[str, Mapping[str, Any]], actor: str, now: datetime) -> int:
    """Add a certificate for each outside id that has none of this kind yet; return how many. Twice is once.

    ``taken`` is outside id -> what else a restore has to know: outside ids, codes and moments, nothing of a person.
    Needs the audit key, which the worker and the command line have.
    """
    with transaction.atomic():
        one_at_a_time("certify what was taken back")
        known = set(TakenBack.objects.filter(kind=kind, subject__in=list(taken)).values_list("subject", flat=True))
        new = [subject for subject in taken if subject not in known]
        last = TakenBack.objects.order_by("-number").first()
        for subject in new:
            number = last.number + 1 if last else 1
            told = {
                "format": FORMAT,
                "number": number,
                "previous": last.digest if last else "",
                "kind": kind,
                "subject": subject,
                "content": dict(taken[subject]),
                "at": now.isoformat(),
            }
            text = signed(told, signer("audit.key"))
            last = TakenBack.objects.create(number=number, kind=kind, subject=subject, text=text)
        if new:
            record(actor=actor, action="taken_back_certified", subject=kind, now=now, ids=new)
    return len(new)


def take_over(chain: list[Certificate]) -> int:
    """Keep the certificates of a chain that this database, being older, does not have; return how many.

    They go on from there: no number is given twice. Call it inside a transaction.
    """
    newest = TakenBack.objects.order_by("-number").values_list("number", flat=True).first() or 0
    rows = [
        TakenBack(number=one.number, kind=one.kind, subject=one.subject, text=one.text)
        for one in chain
        if one.number > newest
    ]
    return len(TakenBack.objects.bulk_create(rows, ignore_conflicts=True))
