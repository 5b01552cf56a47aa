"""A person has gone through a sorting sheet."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.evidence.queries import have_tiles
from openhotline.exposure.queries import ways_shown
from openhotline.triage.errors import ReasonRefused, SheetDone, SheetMissing, SheetUnseen
from openhotline.triage.events import ItemsSelected, ItemsSetAside
from openhotline.triage.models import SecondLook, Selection, SheetTile, SortingSheet, StackMember
from openhotline.triage.queries import noted_reasons
from openhotline.triage.queries.second_looks import drawn
from openhotline.triage.states import SHEET_REASONS, SORTED_ASIDE, Reason, SelectionState, SheetState


def finish_sheet(
    *,
    sheet: str,
    set_aside: Collection[int],
    actor: Person,
    now: datetime,
    reasons: Mapping[int, Reason] | None = None,
) -> tuple[int, int]:
    """Keep every tile of a sheet but those at the positions in ``set_aside``; return (items kept, items set aside).

    ``reasons`` says why of a position; of the others it is that there is certainly no child, and of a tile without a
    picture always that it was not opened. A tile speaks for its stack's unsorted members that are not apart; a tile
    shown apart for itself alone. A second look changes nothing, but that what it keeps goes to assessment after all.
    Raises SheetMissing when the sheet is not this person's,
    SheetDone when it was finished before, ReasonRefused; SheetUnseen where a tile that can be shown would be set aside,
    and the person was shown none of the sheet.
    """
    chosen = _reasons(set_aside, reasons or {})
    with transaction.atomic():
        row = SortingSheet.objects.select_for_update().filter(public_id=sheet, person=actor.public_id).first()
        if row is None:
            raise SheetMissing("This sheet is not yours. Take the next one.")
        if row.state == SheetState.DONE:
            raise SheetDone("This sheet was finished before; what you decided then holds.")
        waiting = SheetTile.objects.filter(sheet=row, kept=None).select_related("item__stacked")
        tiles = list(waiting.order_by("position"))
        why = noted_reasons(tiles, chosen)
        _check_seen(row, [tile.item_id for tile in tiles if tile.position in why])
        for tile in tiles:
            tile.kept, tile.reason = tile.position not in why, why.get(tile.position, "")
        SheetTile.objects.bulk_update(tiles, ["kept", "reason"])
        first = [tile for tile in tiles if not tile.second_look]
        kept, out = _sort_each(first, actor, now)
        SecondLook.objects.bulk_create(_drawn(first, actor, now), ignore_conflicts=True)
        back = _look_again([tile for tile in tiles if tile.second_look], actor, now)
        row.state, row.done_at = SheetState.DONE, now
        row.save(update_fields=["state", "done_at"])
        _record(row, actor, (kept, out, back), now)
    return len(kept), len(out)


def _check_seen(sheet: SortingSheet, aside: Sequence[int]) -> None:
    if have_tiles(aside) and not ways_shown(sheet.person, sheet.public_id):
        raise SheetUnseen(
            "You were shown none of these tiles, so none can be set aside: the media door did not answer, or a "
            "break is due. Nothing is lost, and the sheet stays yours. Load the page again, or keep all: then they "
            "go to assessment."
        )


def _reasons(set_aside: Collection[int], reasons: Mapping[int, Reason]) -> dict[int, Reason]:
    why = {position: reasons.get(position, Reason.SORTED_OUT) for position in set_aside}
    if wrong := set(why.values()) - SHEET_REASONS.keys():
        raise ReasonRefused(
            f"{', '.join(sorted(wrong))} is no reason at a sheet. There are: {', '.join(SHEET_REASONS)}."
        )
    return why


def _sort_each(tiles: Sequence[SheetTile], actor: Person, now: datetime) -> tuple[list[int], list[int]]:
    kept = _sort([tile for tile in tiles if tile.kept], SelectionState.SELECTED, Reason.KEPT, actor, now)
    by_reason: dict[str, list[SheetTile]] = defaultdict(list)
    for tile in tiles:
        if not tile.kept:
            by_reason[tile.reason].append(tile)
    out = [
        item
        for reason, alike in by_reason.items()
        for item in _sort(alike, SelectionState.SET_ASIDE, Reason(reason), actor, now)
    ]
    return kept, sorted(out)


def _sort(tiles: list[SheetTile], state: SelectionState, reason: Reason, actor: Person, now: datetime) -> list[int]:
    alone = [tile.item_id for tile in tiles if tile.item.stacked.apart]
    together = [tile.stack_id for tile in tiles if not tile.item.stacked.apart]
    spoken_for = StackMember.objects.filter(stack_id__in=together, apart=False).values("item_id")
    # Locked: a rule that speaks meanwhile, because a list has grown, is not overruled unseen.
    rows = Selection.objects.select_for_update().filter(state=SelectionState.UNSORTED).order_by("pk")
    ids = list(rows.filter(item_id__in=spoken_for).values_list("item_id", flat=True))
    ids += list(rows.filter(item_id__in=alone).values_list("item_id", flat=True))
    Selection.objects.filter(item_id__in=ids).update(state=state, reason=reason, by=actor.public_id, at=now)
    return sorted(ids)


def _drawn(tiles: Sequence[SheetTile], actor: Person, now: datetime) -> list[SecondLook]:
    """Draw a share of the tiles for a second look: each stands for what this person did with it."""
    return [
        SecondLook(
            item_id=tile.item_id,
            was_kept=bool(tile.kept),
            reason=tile.reason or Reason.KEPT,
            by=actor.public_id,
            drawn_at=now,
        )
        for tile in tiles
        if drawn(tile.item.public_id)
    ]


def _look_again(tiles: Sequence[SheetTile], actor: Person, now: datetime) -> list[int]:
    """Note what the second person did; return the items that come back from being set aside.

    One that a person had set aside brings back what lay under the same tile with it.
    """
    looks = {look.item_id: look for look in SecondLook.objects.filter(item__in=[t.item_id for t in tiles], kept=None)}
    back: set[int] = set()
    for tile in tiles:
        look = looks.get(tile.item_id)
        if look is None:
            continue
        look.kept, look.looked_by, look.looked_at = tile.kept, actor.public_id, now
        if tile.kept and not look.was_kept:
            back |= {tile.item_id} | _under_the_same_tile(look, tile)
    SecondLook.objects.bulk_update(looks.values(), ["kept", "looked_by", "looked_at"])
    rows = Selection.objects.select_for_update().filter(item_id__in=back, state=SelectionState.SET_ASIDE)
    ids = sorted(rows.values_list("item_id", flat=True))
    Selection.objects.filter(item_id__in=ids).update(
        state=SelectionState.SELECTED, reason=Reason.SECOND_LOOK, by=actor.public_id, at=now
    )
    return ids


def _under_the_same_tile(look: SecondLook, tile: SheetTile) -> set[int]:
    if look.by.startswith("rule:") or tile.item.stacked.apart:
        return set()
    members = StackMember.objects.filter(stack_id=tile.stack_id, apart=False).values("item_id")
    rows = Selection.objects.filter(item_id__in=members, state=SelectionState.SET_ASIDE, reason__in=SORTED_ASIDE)
    return set(rows.values_list("item_id", flat=True))


def _record(row: SortingSheet, actor: Person, sorted_: tuple[list[int], ...], now: datetime) -> None:
    kept, out, back = sorted_
    record(
        actor=actor.public_id,
        action="sheet_finished",
        subject=row.public_id,
        ids=[*kept, *out, *back],
        detail={"kept": len(kept), "set_aside": len(out), "brought_back": len(back)},
        now=now,
    )
    if kept or back:
        publish(ItemsSelected(ids=(*kept, *back)), now=now)
    if out:
        publish(ItemsSetAside(ids=tuple(out)), now=now)
