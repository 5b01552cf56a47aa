"""Evidence says what became of finds: taken into the vault, folded into what was there, or refused with a sentence."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.intake.models import Find
from openhotline.intake.models.containers import FindRefused
from openhotline.intake.states import LONGEST_REFUSAL, FindState


def set_find_states(
    *,
    taken: Sequence[int],
    refused: Mapping[int, FindRefused],
    folded: Sequence[int] = (),
    actor: str,
    now: datetime,
) -> int:
    """Mark registered finds as taken, folded or refused; return how many changed. What was marked before stays."""
    became = {FindState.TAKEN: set(taken), FindState.FOLDED: set(folded), FindState.REFUSED: set(refused)}
    with transaction.atomic():
        wanted = set[int]().union(*became.values())
        waiting = Find.objects.select_for_update().filter(pk__in=wanted, state=FindState.REGISTERED).order_by("pk")
        there = set(waiting.values_list("pk", flat=True))
        # One statement a state: an update that decides row by row takes as long as the encryption of the files.
        for state, ids in became.items():
            Find.objects.filter(pk__in=ids & there).update(state=state, why="", refusal="")
        _say_why({pk: refusal for pk, refusal in refused.items() if pk in there})
        if there:
            record(
                actor=actor,
                action="finds_settled",
                subject="finds",
                now=now,
                ids=sorted(there),
                detail={
                    "refused": len(there & became[FindState.REFUSED]),
                    "folded": len(there & became[FindState.FOLDED]),
                },
            )
    return len(there)


def _say_why(refused: Mapping[int, FindRefused]) -> None:
    rows = [Find(pk=pk, why=refusal.why, refusal=str(refusal)[:LONGEST_REFUSAL]) for pk, refusal in refused.items()]
    if rows:
        Find.objects.bulk_update(rows, ["why", "refusal"], batch_size=250)
