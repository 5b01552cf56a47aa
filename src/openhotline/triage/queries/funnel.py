"""From found to selected, counted in files found (sightings) and in items."""

from dataclasses import dataclass

from django.db.models import Count

from openhotline.evidence.models import Item, Sighting
from openhotline.triage.models import Selection, Stack
from openhotline.triage.states import SelectionState


@dataclass(frozen=True)
class Funnel:
    """Counts of files found unless the name says otherwise; ``set_aside`` and ``selected`` by reason."""

    found: int
    items: int
    stacks: int
    unsorted: int
    selected: dict[str, int]
    set_aside: dict[str, int]


def funnel() -> Funnel:
    """Count what triage has made of everything found."""
    by_reason = (
        Selection.objects.values("state", "reason").annotate(files=Count("item__sightings")).order_by("state", "reason")
    )
    counted: dict[str, dict[str, int]] = {state: {} for state in SelectionState}
    for row in by_reason:
        counted[row["state"]][row["reason"]] = row["files"]
    return Funnel(
        found=Sighting.objects.count(),
        items=Item.objects.count(),
        stacks=Stack.objects.count(),
        unsorted=sum(counted[SelectionState.UNSORTED].values()),
        selected=counted[SelectionState.SELECTED],
        set_aside=counted[SelectionState.SET_ASIDE],
    )
