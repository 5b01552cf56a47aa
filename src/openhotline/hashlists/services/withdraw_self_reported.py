"""Hashes leave the self-reported list because whoever sent them took them back."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.hashlists.models import SelfReported
from openhotline.hashlists.states import SelfReportedState


def withdraw_self_reported(*, origins: Sequence[str], actor: str, now: datetime) -> int:
    """Take the hashes of these origins off the list and forget them; return how many changed. Twice is once.

    An origin that has not come yet is kept as withdrawn: what is taken back first and delivered late stays off.
    """
    with transaction.atomic():
        late = [
            SelfReported(origin=one, state=SelfReportedState.WITHDRAWN, kept_at=now, withdrawn_at=now)
            for one in origins
        ]
        SelfReported.objects.bulk_create(late, ignore_conflicts=True)
        there = SelfReported.objects.select_for_update().filter(origin__in=origins)
        there = there.exclude(state=SelfReportedState.WITHDRAWN)
        keys = dict(there.order_by("pk").values_list("pk", "public_id"))
        SelfReported.objects.filter(pk__in=keys).update(
            state=SelfReportedState.WITHDRAWN, pdq=None, quality=None, withdrawn_at=now
        )
        came = {row.public_id for row in late}
        new = SelfReported.objects.filter(public_id__in=came).order_by("pk").values_list("public_id", flat=True)
        names = [*keys.values(), *new]
        if names:
            record(actor=actor, action="self_reported_withdrawn", subject="self_reported", ids=names, now=now)
    return len(names)
