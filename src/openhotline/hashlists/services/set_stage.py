"""How much of a stream the match service answers for."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.core.errors import NotNow
from openhotline.hashlists.models import StreamStage
from openhotline.hashlists.policies import check_keeps_lists
from openhotline.hashlists.states import Stream

ALL_OF_IT = 100


def set_stage(*, stream: Stream, percent: int, actor: Person, now: datetime) -> StreamStage:
    """Answer for this share of a stream's entries, always the same ones, from the next query on.

    Raises NotAllowed or NotNow.
    """
    check_keeps_lists(actor)
    if not 0 <= percent <= ALL_OF_IT:
        raise NotNow(f"{percent} is no share. Give 0 (nothing of it is answered for) to 100 (all of it).")
    with transaction.atomic():
        row, _ = StreamStage.objects.update_or_create(stream=stream, defaults={"percent": percent, "set_at": now})
        record(
            actor=actor.public_id,
            action="stage_set",
            subject="streams",
            now=now,
            detail={"kind": str(stream), "size": percent},
        )
    return row
