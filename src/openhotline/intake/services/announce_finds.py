"""Finds that wait and that no job takes any more are announced once again."""

from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.intake.events import FindsRegistered
from openhotline.intake.models import Collection
from openhotline.intake.states import FindState


def announce_finds(*, collection: Collection, actor: str, now: datetime) -> int:
    """Announce every find of a collection that still waits to be sealed; return how many.

    For when an import is taken up again: a disk that was full for an hour has used up the attempts of the jobs. Sealing
    what is being sealed already does nothing.
    """
    with transaction.atomic():
        waiting = collection.finds.filter(state=FindState.REGISTERED).order_by("pk")
        ids = tuple(waiting.values_list("pk", flat=True))
        if ids:
            publish(FindsRegistered(ids=ids), now=now)
            record(actor=actor, action="finds_announced", subject=collection.public_id, now=now, ids=ids)
    return len(ids)
