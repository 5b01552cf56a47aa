"""The share of what was sorted that is looked at once more, and what came of it."""

from dataclasses import dataclass

from django.db.models import Count, F, Q

from openhotline.core.crypto import lookup
from openhotline.evidence.states import ItemState
from openhotline.triage.models import SecondLook, Share, SheetTile
from openhotline.triage.queries.rules import rules
from openhotline.triage.states import SheetState

FINE = 1_000_000


def drawn(item: str) -> bool:
    """Say whether an item (outside id) is drawn for a second look.

    By a keyed hash of its random name: as good as dice, the same at a second delivery, and nobody can foretell it.
    """
    return int(lookup("second look", item), 16) % FINE < rules().second_looks * FINE


def looks_for(person: str, most: int) -> list[SecondLook]:
    """Return second looks that wait for somebody other than who sorted, oldest first, on no open sheet.

    What has no picture to show and what was decided meanwhile is left out: nobody is shown that again.
    """
    on_a_sheet = SheetTile.objects.filter(second_look=True, sheet__state=SheetState.TAKEN).values("item_id")
    rows = SecondLook.objects.filter(kept=None, item__state=ItemState.EXAMINED, item__stacked__stack__decided=False)
    theirs = rows.exclude(by=person).exclude(item__in=on_a_sheet)
    seen = SheetTile.objects.filter(sheet__person=person, item=F("item")).values("item_id")
    return list(theirs.exclude(item__in=seen).select_related("item__stacked").order_by("drawn_at", "pk")[:most])


@dataclass(frozen=True)
class Quality:
    """What second looks found: by the reason something was set aside, the share that the second kept; all alike."""

    missed: dict[str, Share]
    alike: Share
    waiting: int


def quality() -> Quality:
    """Count second looks. ``alike`` is of what people had sorted: how often the second did as the first."""
    done = SecondLook.objects.exclude(kept=None)
    rows = (
        done.filter(was_kept=False).values("reason").annotate(of=Count("pk"), missed=Count("pk", filter=Q(kept=True)))
    )
    people = done.exclude(by__startswith="rule:").aggregate(
        of=Count("pk"), alike=Count("pk", filter=Q(kept=F("was_kept")))
    )
    return Quality(
        missed={row["reason"]: Share(row["missed"], row["of"]) for row in rows.order_by("reason")},
        alike=Share(people["alike"], people["of"]),
        waiting=SecondLook.objects.filter(kept=None).count(),
    )
