"""Which items a decision on one item would cover."""

from openhotline.evidence.models import Item
from openhotline.triage.models import StackMember
from openhotline.triage.states import SelectionState


def part_of(item_ids: list[int]) -> dict[int, int]:
    """Return item -> lead of its part, for items that have a stack."""
    return dict(StackMember.objects.filter(item_id__in=item_ids).values_list("item_id", "part_id"))


def spread_of(leads: list[int]) -> dict[int, list[tuple[int, int]]]:
    """Return part lead -> [(item, bits to the lead)] of its selected members: tight, alike in evidence, not apart."""
    spread: dict[int, list[tuple[int, int]]] = {lead: [] for lead in leads}
    rows = StackMember.objects.filter(part_id__in=leads, item__selection__state=SelectionState.SELECTED)
    for part, item, distance in rows.values_list("part_id", "item_id", "part_distance"):
        spread[part].append((item, distance))
    return spread


def stack_panel(item: Item) -> dict[str, object]:
    """Return what the desk says of an item's stack."""
    member = StackMember.objects.select_related("stack").filter(item=item).first()
    if member is None:
        return {"members": 1, "part": 1, "reasons": [], "apart": False}
    return {
        "members": member.stack.members,
        "part": StackMember.objects.filter(part_id=member.part_id).count(),
        "reasons": member.stack.reasons,
        "apart": member.apart,
    }
