"""Hashes that young people made on their own devices come onto the self-reported list."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.hashlists.models import SelfReported, SelfReportedHash


def keep_self_reported(*, hashes: Sequence[SelfReportedHash], actor: str, now: datetime) -> int:
    """Put hashes (at most 500 at a time) on the self-reported list, unreviewed; return how many are new.

    A hash whose origin was heard of before, also because it was taken back, is left as it is.
    """
    rows = [SelfReported(origin=one.origin, pdq=one.pdq, quality=one.quality, kept_at=now) for one in hashes]
    names = [row.public_id for row in rows]
    with transaction.atomic():
        SelfReported.objects.bulk_create(rows, ignore_conflicts=True)
        new = list(SelfReported.objects.filter(public_id__in=names).order_by("pk").values_list("public_id", flat=True))
        if new:
            record(actor=actor, action="self_reported_kept", subject="self_reported", ids=new, now=now)
    return len(new)
