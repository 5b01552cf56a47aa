"""Reading sorting sheets."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min

from openhotline.evidence.states import ItemState
from openhotline.triage.errors import SheetMissing
from openhotline.triage.models import SheetTile, SortingSheet, Stack, StackMember
from openhotline.triage.states import UNDO_MINUTES, Reason, SelectionState, SheetState


def sheet_of(public_id: str, person: str) -> SortingSheet:
    """Return a sheet that this person has taken. Raises SheetMissing."""
    sheet = SortingSheet.objects.filter(public_id=public_id, person=person, state=SheetState.TAKEN).first()
    if sheet is None:
        raise SheetMissing("This sheet is not yours, or it was finished. Take the next one.")
    return sheet


def tiles_of(sheet: SortingSheet) -> list[SheetTile]:
    """Return the tiles of a sheet that are still to be sorted, in order, with item and stack."""
    return list(SheetTile.objects.filter(sheet=sheet, kept=None).select_related("item", "stack").order_by("position"))


def noted_reasons(tiles: Iterable[SheetTile], reasons: Mapping[int, Reason]) -> dict[int, Reason]:
    """Return the reasons by position as they are kept: nobody says what a tile without a picture does not show."""
    unseen = {tile.position for tile in tiles if tile.item.state == ItemState.UNREADABLE}
    return {place: Reason.NOT_OPENED if place in unseen else why for place, why in reasons.items()}


@dataclass(frozen=True)
class Preview:
    """What finishing a sheet would do: tiles and items kept, and set aside by reason."""

    kept: int
    kept_items: int
    aside: dict[Reason, tuple[int, int]]

    @property
    def aside_items(self) -> int:
        """Items that would be set aside."""
        return sum(items for _, items in self.aside.values())


def preview_of(sheet: SortingSheet, reasons: Mapping[int, Reason]) -> Preview:
    """Return what finishing would do with these positions set aside, each for its reason. Nothing is changed."""
    tiles = tiles_of(sheet)
    reasons = noted_reasons(tiles, reasons)
    sizes = _sizes(tiles)
    aside: dict[Reason, tuple[int, int]] = {}
    kept = [tile for tile in tiles if tile.position not in reasons]
    for tile in tiles:
        if tile.position in reasons:
            many, items = aside.get(reasons[tile.position], (0, 0))
            aside[reasons[tile.position]] = (many + 1, items + sizes[tile.pk])
    return Preview(len(kept), sum(sizes[tile.pk] for tile in kept), aside)


def _sizes(tiles: Collection[SheetTile]) -> dict[int, int]:
    """Return {tile: items it speaks for}; a second look looks like one that speaks for its stack."""
    stacks = {tile.stack_id for tile in tiles}
    members = StackMember.objects.filter(stack__in=stacks)
    unsorted = members.filter(apart=False, item__selection__state=SelectionState.UNSORTED)
    many = dict(unsorted.order_by().values_list("stack_id").annotate(Count("pk")))
    alone = set(members.filter(item__in=[tile.item_id for tile in tiles], apart=True).values_list("item_id", flat=True))
    return {tile.pk: 1 if tile.item_id in alone else max(1, many.get(tile.stack_id, 1)) for tile in tiles}


def undoable_sheet(person: str, now: datetime) -> SortingSheet | None:
    """Return the sheet of a person whose set-aside tiles can still be taken back, or None: the last one finished."""
    since = now - timedelta(minutes=UNDO_MINUTES)
    row = SortingSheet.objects.filter(person=person, state=SheetState.DONE).order_by("-done_at", "-pk").first()
    if row is None or row.done_at is None or row.done_at <= since:
        return None
    return row if row.tiles.filter(kept=False, second_look=False).exists() else None


def waiting_stacks(most: int = 1000) -> int:
    """Return how many stacks wait for a sheet, counted up to ``most``."""
    return Stack.objects.filter(waiting=True)[:most].count()


def stacks_wait_since() -> datetime | None:
    """Return when the oldest of the stacks that wait for a sheet came to be, or None for none."""
    oldest: datetime | None = Stack.objects.filter(waiting=True).aggregate(oldest=Min("created_at"))["oldest"]
    return oldest


def sheet_showing(person: str, item_id: int) -> SortingSheet | None:
    """Return the sheet that this person has taken and that shows an item: the reason for its tile to be served."""
    tiles = SheetTile.objects.filter(item_id=item_id, sheet__person=person, sheet__state=SheetState.TAKEN)
    tile = tiles.select_related("sheet").first()
    return tile.sheet if tile else None


def sorted_among(person: str, items: Collection[str]) -> set[str]:
    """Return which of these items (outside ids) a person has sorted on a sheet that is done."""
    rows = SheetTile.objects.filter(sheet__person=person, sheet__done_at__isnull=False, item__public_id__in=items)
    return set(rows.values_list("item__public_id", flat=True))
