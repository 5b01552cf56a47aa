"""Evidence says what became of finds: taken into the vault, or refused with a sentence."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.intake.models import Find
from openhotline.intake.states import FindState


def set_find_states(*, taken: Sequence[int], refused: Mapping[int, str], actor: str, now: datetime) -> int:
    """Mark registered finds as taken or refused; return how many changed. What was marked before stays as it is."""
    with transaction.atomic():
        wanted = {*taken, *refused}
        finds = list(Find.objects.select_for_update().filter(pk__in=wanted, state=FindState.REGISTERED).only("pk"))
        for find in finds:
            find.state = FindState.REFUSED if find.pk in refused else FindState.TAKEN
            find.refusal = refused.get(find.pk, "")[:300]
        if finds:
            Find.objects.bulk_update(finds, ["state", "refusal"], batch_size=250)
            record(
                actor=actor,
                action="finds_settled",
                subject="finds",
                now=now,
                ids=sorted(find.pk for find in finds),
                detail={"refused": sum(find.state == FindState.REFUSED for find in finds)},
            )
    return len(finds)
