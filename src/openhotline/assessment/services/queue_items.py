"""Selected items come into the assessment queue, one turn a part."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from openhotline.assessment.events import ItemDecided
from openhotline.assessment.models import Decided, Decision, Outcome, Turn
from openhotline.assessment.states import DecisionState, Opinion
from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.triage.models import StackMember
from openhotline.triage.states import SelectionState


def queue_items(*, item_ids: Sequence[int], actor: str, now: datetime) -> int:
    """Ask for a first opinion on every part that has a selected item and no turn yet; return how many turns.

    An item that joins a part whose published decision spreads is covered by it at once, without a view.
    """
    with transaction.atomic():
        members = list(
            StackMember.objects.filter(item_id__in=item_ids, item__selection__state=SelectionState.SELECTED)
            .select_related("stack")
            .order_by("part_id", "pk")
        )
        parts = {member.part_id for member in members}
        known = _turns_by_part(parts)
        decided = _cover([member for member in members if member.part_id in known], known)
        fresh: dict[int, StackMember] = {}
        for member in members:
            if member.part_id not in known and (member.part_id not in fresh or member.item_id == member.part_id):
                fresh[member.part_id] = member
        turns = Turn.objects.bulk_create(
            [Turn(item_id=m.item_id, points=m.stack.points, queued_at=now) for m in fresh.values()],
            ignore_conflicts=True,
        )
        if turns or decided:
            record(actor=actor, action="items_queued", subject="items", ids=list(item_ids), now=now)
        if decided:
            publish(ItemDecided(ids=tuple(decided)), now=now)
    return len(turns)


def _turns_by_part(parts: set[int]) -> dict[int, int]:
    turns = Turn.objects.filter(item__stacked__part_id__in=parts, opinion=Opinion.FIRST)
    return dict(turns.values_list("item__stacked__part_id", "item_id"))


def _cover(members: list[StackMember], turns: dict[int, int]) -> list[int]:
    """Let published decisions that spread cover late members of their part; return the decisions concerned."""
    decisions = {
        decision.item_id: decision.pk
        for decision in Decision.objects.filter(
            item_id__in=[turns[member.part_id] for member in members], state=DecisionState.PUBLISHED
        )
    }
    spreading = set(
        Outcome.objects.filter(decision_id__in=decisions.values(), criminal__isnull=False).values_list(
            "decision_id", flat=True
        )
    )
    already = set(Decided.objects.filter(item_id__in=[m.item_id for m in members]).values_list("item_id", flat=True))
    rows = [
        Decided(decision_id=decisions[turns[m.part_id]], item_id=m.item_id, distance=m.part_distance)
        for m in members
        if decisions.get(turns[m.part_id]) in spreading and m.item_id not in already
    ]
    Decided.objects.bulk_create(rows)
    return sorted({row.decision_id for row in rows})
