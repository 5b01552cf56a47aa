"""Step 5: what the machine can say of examined items, their stack and their place in the order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.evidence.models import Item, Sighting
from openhotline.evidence.states import GAVE_UP, ItemState
from openhotline.hashlists.queries import KnownIn, near_entries, verdicts_for
from openhotline.intake.states import Lane
from openhotline.triage.events import ItemsSelected, ItemsSetAside, ItemsTriaged
from openhotline.triage.models import Match, Selection, Stack
from openhotline.triage.policies import Seen, machine_selection
from openhotline.triage.services.place_in_stacks import Placing, place
from openhotline.triage.states import Reason, SelectionState


@dataclass(frozen=True)
class _Triaged:
    item: Item
    seen: Seen
    selection: Selection


def triage_items(*, ids: Sequence[int], actor: str, now: datetime) -> int:
    """Give each examined item its matches, its stack and, where a machine rule speaks, its selection.

    Items already triaged are left alone, so a second delivery changes nothing. Returns how many were new. The machine
    never says what a picture shows: what no rule speaks of waits for a person at a sorting sheet.
    """
    with transaction.atomic():
        # One placer at a time: two that work side by side would each make a stack of the same picture.
        Stack.objects.select_for_update().order_by("-pk").first()
        items = list(
            Item.objects.filter(pk__in=ids, selection=None, state__in=[ItemState.EXAMINED, ItemState.UNREADABLE])
            .defer("provenance", "provenance_sealed", "digests")
            .order_by("pk")
        )
        if not items:
            return 0
        known = verdicts_for([item.lookup for item in items])
        urgent = _urgent(items)
        triaged = [_judge(item, known.get(item.lookup, ()), item.pk in urgent, now) for item in items]
        _matches(items, known, now)
        # What cannot be read and goes on to a person all the same is a stack of its own.
        placed = [one for one in triaged if one.selection.reason != Reason.UNREADABLE]
        place([Placing(one.item, one.seen, one.selection) for one in placed], now=now)
        Selection.objects.bulk_create([one.selection for one in triaged])
        record(actor=actor, action="items_triaged", subject="items", ids=[i.public_id for i in items], now=now)
        _announce(triaged, now)
    return len(items)


def _urgent(items: list[Item]) -> set[int]:
    rows = Sighting.objects.filter(item__in=items, report__lane=Lane.URGENT)
    return set(rows.values_list("item_id", flat=True))


def _judge(item: Item, known: Sequence[KnownIn], urgent: bool, now: datetime) -> _Triaged:  # noqa: FBT001 - a fact
    seen = Seen(
        readable=item.state == ItemState.EXAMINED,
        gave_up=item.unreadable_reason in GAVE_UP,
        shortest_side=min(item.width or 0, item.height or 0),
        verdicts=frozenset(line.verdict for line in known),
        real_basis=item.real_basis,
        suspects_altered_real=bool(item.suspects_altered_real),
        urgent=urgent,
    )
    state, reason = machine_selection(seen)
    by = f"rule:{reason}" if reason else ""
    return _Triaged(item, seen, Selection(item=item, state=state, reason=reason or "", by=by, at=now))


def _matches(items: list[Item], known: dict[str, list[KnownIn]], now: datetime) -> None:
    rows = [
        Match(item=item, list_name=line.list_name, kind=Match.FILE, verdict=line.verdict, distance=0, found_at=now)
        for item in items
        for line in known.get(item.lookup, ())
    ]
    hashes = {item.pk: item.pdq for item in items if item.pdq is not None}
    rows += [
        Match(
            item_id=near.item_id,
            list_name="entries",
            entry=near.entry,
            kind=Match.NEAR,
            verdict="known",
            distance=near.distance,
            found_at=now,
        )
        for near in near_entries(hashes)
    ]
    Match.objects.bulk_create(rows, ignore_conflicts=True)


def _announce(triaged: list[_Triaged], now: datetime) -> None:
    publish(ItemsTriaged(ids=tuple(one.item.pk for one in triaged)), now=now)
    for event, state in ((ItemsSelected, SelectionState.SELECTED), (ItemsSetAside, SelectionState.SET_ASIDE)):
        ids = tuple(one.item.pk for one in triaged if one.selection.state == state)
        if ids:
            publish(event(ids=ids), now=now)
