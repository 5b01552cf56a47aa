"""Evidence says what became of finds: taken into the vault, folded into what was there, or refused with a sentence."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.intake.models import Find
from openhotline.intake.models.containers import FindRefused
from openhotline.intake.states import FindState


def set_find_states(
    *,
    taken: Sequence[int],
    refused: Mapping[int, FindRefused],
    folded: Sequence[int] = (),
    actor: str,
    now: datetime,
) -> int:
    """Mark registered finds as taken, folded or refused; return how many changed. What was marked before stays."""
    became = {
        **dict.fromkeys(taken, FindState.TAKEN),
        **dict.fromkeys(folded, FindState.FOLDED),
        **dict.fromkeys(refused, FindState.REFUSED),
    }
    with transaction.atomic():
        waiting = Find.objects.select_for_update().filter(pk__in=became, state=FindState.REGISTERED)
        finds = list(waiting.only("pk"))
        for find in finds:
            find.state = became[find.pk]
            why = refused.get(find.pk)
            find.why, find.refusal = (why.why, str(why)[:300]) if why else ("", "")
        if finds:
            Find.objects.bulk_update(finds, ["state", "why", "refusal"], batch_size=250)
            record(
                actor=actor,
                action="finds_settled",
                subject="finds",
                now=now,
                ids=sorted(find.pk for find in finds),
                detail={
                    "refused": sum(find.state == FindState.REFUSED for find in finds),
                    "folded": sum(find.state == FindState.FOLDED for find in finds),
                },
            )
    return len(finds)
