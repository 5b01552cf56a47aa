"""Certificates of what was taken back go to the second place."""

import logging

from openhotline.audit.models import Checkpoint, TakenBack
from openhotline.audit.models.taken_back import COUNT_FORMAT, RECORDS_A_COUNT, ChainPlace, signed
from openhotline.core.keys import signer

log = logging.getLogger("openhotline.audit")


def ship_taken_back(*, to: ChainPlace) -> int:
    """Write the certificates that are not there yet, and how many there are; return how many certificates.

    How many is told again once the log has grown by an epoch, so that a chain that was cut is behind the checkpoints
    beside it. Changes nothing here; a place that cannot be reached is tried again at the next tick.
    """
    try:
        shipped = sum(to.keep(one) for one in TakenBack.objects.filter(number__gt=to.newest()).order_by("number"))
        last = TakenBack.objects.order_by("-number").first()
        head = Checkpoint.objects.order_by("-number").first()
        number, records = last.number if last else 0, head.size if head else 0
        when, count = to.newest_count()
        if when < 0 or number > count or records - when >= RECORDS_A_COUNT:
            told = {
                "format": COUNT_FORMAT,
                "records": records,
                "number": number,
                "digest": last.digest if last else "",
            }
            to.keep_count(max(records, when), number, signed(told, signer("audit.key")))
    except OSError as error:
        log.error("what was taken back was not shipped: %s", error.strerror)  # noqa: TRY400 - the path says all
        return 0
    return shipped
