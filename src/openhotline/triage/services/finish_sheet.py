"""A person has gone through a sorting sheet."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.triage.errors import SheetDone, SheetMissing
from openhotline.triage.events import ItemsSelected, ItemsSetAside
from openhotline.triage.models import Selection, SheetTile, SortingSheet, StackMember
from openhotline.triage.states import Reason, SelectionState, SheetState


def finish_sheet(*, sheet: str, set_aside: Collection[int], actor: Person, now: datetime) -> tuple[int, int]:
    """Keep every tile of a sheet but those at the positions in ``set_aside``; return (items kept, items set aside).

    A tile speaks for its stack's unsorted members that are not apart; a tile shown apart for itself alone. Raises
    SheetMissing when the sheet is not this person's, SheetDone when it was finished before.
    """
    with transaction.atomic():
        row = SortingSheet.objects.select_for_update().filter(public_id=sheet, person=actor.public_id).first()
        if row is None:
            raise SheetMissing("This sheet is not yours. Take the next one.")
        if row.state == SheetState.DONE:
            raise SheetDone("This sheet was finished before; what you decided then holds.")
        tiles = list(SheetTile.objects.filter(sheet=row).select_related("item__stacked").order_by("position"))
        for tile in tiles:
            tile.kept = tile.position not in set_aside
        SheetTile.objects.bulk_update(tiles, ["kept"])
        kept = _sort([tile for tile in tiles if tile.kept], SelectionState.SELECTED, Reason.KEPT, actor, now)
        out = _sort([tile for tile in tiles if not tile.kept], SelectionState.SET_ASIDE, Reason.SORTED_OUT, actor, now)
        row.state, row.done_at = SheetState.DONE, now
        row.save(update_fields=["state", "done_at"])
        _record(row, actor, kept, out, now)
    return len(kept), len(out)


def _sort(tiles: list[SheetTile], state: SelectionState, reason: Reason, actor: Person, now: datetime) -> list[int]:
    alone = [tile.item_id for tile in tiles if tile.item.stacked.apart]
    together = [tile.stack_id for tile in tiles if not tile.item.stacked.apart]
    spoken_for = StackMember.objects.filter(stack_id__in=together, apart=False).values("item_id")
    rows = Selection.objects.filter(state=SelectionState.UNSORTED)
    ids = list(rows.filter(item_id__in=spoken_for).values_list("item_id", flat=True))
    ids += list(rows.filter(item_id__in=alone).values_list("item_id", flat=True))
    Selection.objects.filter(item_id__in=ids).update(state=state, reason=reason, by=actor.public_id, at=now)
    return sorted(ids)


def _record(row: SortingSheet, actor: Person, kept: list[int], out: list[int], now: datetime) -> None:
    record(
        actor=actor.public_id,
        action="sheet_finished",
        subject=row.public_id,
        ids=[*kept, *out],
        detail={"kept": len(kept), "set_aside": len(out)},
        now=now,
    )
    if kept:
        publish(ItemsSelected(ids=tuple(kept)), now=now)
    if out:
        publish(ItemsSetAside(ids=tuple(out)), now=now)
