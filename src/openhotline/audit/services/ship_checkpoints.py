"""Checkpoints go to the second place."""

import logging

from openhotline.audit.models import Checkpoint, SecondPlace

log = logging.getLogger("openhotline.audit")


def ship_checkpoints(*, to: SecondPlace) -> int:
    """Write the newest checkpoint, and the last one of every epoch that ended since the last time; return how many.

    Changes nothing here. A place that cannot be reached, and a log that is shorter than what was shipped, are written
    to the service's log and tried again at the next tick: what has fallen due besides must not wait for it.
    """
    try:
        shipped = to.newest()
        newest = Checkpoint.objects.order_by("-number").first()
        if newest is None:
            return 0
        if newest.size < shipped:
            log.error(
                "the second place has a checkpoint over %s records, the log ends at %s: it was cut or rolled back. "
                "Run openhotline audit verify.",
                shipped,
                newest.size,
            )
        # An epoch's last checkpoint is the one whose root the next epoch begins with.
        ended = Checkpoint.objects.filter(size__gt=shipped, size__in=Checkpoint.objects.values("start"))
        return sum(to.keep(one) is not None for one in [*ended.order_by("number").iterator(), newest])
    except OSError as error:
        log.error("checkpoints of the audit log were not shipped: %s", error.strerror)  # noqa: TRY400 - the path says all
        return 0
