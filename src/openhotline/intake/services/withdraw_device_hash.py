"""Whoever sent codes of pictures takes them back, with the words of the receipt."""

from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.crypto import receipt_lookup
from openhotline.core.events import publish
from openhotline.intake.events import DeviceHashesWithdrawn
from openhotline.intake.models import DeviceHash, Report
from openhotline.intake.models.receipt import read_words
from openhotline.intake.services.forget_reporters import NOTHING
from openhotline.intake.states import DeviceHashState


def withdraw_device_hash(*, words: str, now: datetime, actor: str = "public") -> int | None:
    """Take back the codes of the report with these words and announce it; return how many it had, None: no report.

    The report stays, without them. Taken back twice is once. Raises NotAReceipt for words that never were a receipt.
    """
    key = receipt_lookup(read_words(words))
    with transaction.atomic():
        report = Report.objects.select_for_update().filter(receipt=key).first()
        if report is None:
            return None
        rows = DeviceHash.objects.filter(report=report)
        there = dict(rows.exclude(state=DeviceHashState.WITHDRAWN).order_by("pk").values_list("pk", "public_id"))
        if there:
            DeviceHash.objects.filter(pk__in=there).update(state=DeviceHashState.WITHDRAWN, sealed=NOTHING)
            record(
                actor=actor,
                action="device_hashes_withdrawn",
                subject=report.public_id,
                now=now,
                ids=[*there.values()],
                detail={"removed": len(there)},
            )
            publish(DeviceHashesWithdrawn(ids=tuple(there)), now=now)
        return rows.count()
