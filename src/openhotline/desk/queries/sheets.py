"""The sorting sheet in somebody's hands."""

from openhotline.assessment.models import Turn
from openhotline.triage.models import SheetTile, SortingSheet, StackMember
from openhotline.triage.states import SheetState


def held_sheet(person: str) -> SortingSheet | None:
    """Return the sheet that this person has taken and not finished, or None."""
    return SortingSheet.objects.filter(person=person, state=SheetState.TAKEN).first()


def on_the_way(sheet: str, person: str) -> int:
    """Return how many tiles that this person kept on a finished sheet have no turn in the queue yet."""
    kept = SheetTile.objects.filter(sheet__public_id=sheet, sheet__person=person, kept=True).values("item_id")
    parts = set(StackMember.objects.filter(item__in=kept).values_list("part_id", flat=True))
    queued = Turn.objects.filter(item__stacked__part_id__in=parts).values_list("item__stacked__part_id", flat=True)
    return len(parts - set(queued))
