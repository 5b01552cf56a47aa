"""Every data key is wrapped anew by the current epoch key, while the hotline goes on serving."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.core.datakeys import BATCH, DataKeys, data_keys
from openhotline.evidence.policies import check_keeps_evidence


def left_to_rotate(store: DataKeys) -> int:
    """Return how many data keys an earlier epoch wraps."""
    return sum(epoch.keys for epoch in store.epochs()[:-1])


def rotate_keys(
    *, actor: Person, now: datetime, tell: Callable[[int], object] = lambda _count: None, batch: int = BATCH
) -> int:
    """Wrap anew what earlier epochs wrap, some hundreds at a time, and return how many; ``tell`` hears of each batch.

    Objects are not touched. Whatever is not yet on the current epoch is what is left, so it can be ended at any moment
    and run again. What was begun and what was done are recorded apart. Raises NotAllowed, DoesNotOpen.
    """
    check_keeps_evidence(actor)
    store = data_keys()
    waiting = left_to_rotate(store)
    if not waiting:
        return 0
    current = store.epochs()[-1].number
    with transaction.atomic():
        record(
            actor=actor.public_id,
            action="key_rotation_begun",
            subject="data_keys",
            now=now,
            detail={"epoch": current, "keys": waiting},
        )
    done = 0
    for count in store.rewrap(batch=batch):
        done += count
        tell(count)
    with transaction.atomic():
        record(
            actor=actor.public_id,
            action="key_rotation_ended",
            subject="data_keys",
            now=now,
            detail={"epoch": current, "keys": done, "left": left_to_rotate(store)},
        )
    return done
