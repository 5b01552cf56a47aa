"""Reading sorting sheets."""

from collections.abc import Collection

from openhotline.triage.errors import SheetMissing
from openhotline.triage.models import SheetTile, SortingSheet, Stack
from openhotline.triage.states import SheetState


def sheet_of(public_id: str, person: str) -> SortingSheet:
    """Return a sheet that this person has taken. Raises SheetMissing."""
    sheet = SortingSheet.objects.filter(public_id=public_id, person=person, state=SheetState.TAKEN).first()
    if sheet is None:
        raise SheetMissing("This sheet is not yours, or it was finished. Take the next one.")
    return sheet


def tiles_of(sheet: SortingSheet) -> list[SheetTile]:
    """Return the tiles of a sheet in order, with item and stack."""
    return list(SheetTile.objects.filter(sheet=sheet).select_related("item", "stack").order_by("position"))


def waiting_stacks(most: int = 1000) -> int:
    """Return how many stacks wait for a sheet, counted up to ``most``."""
    return Stack.objects.filter(waiting=True)[:most].count()


def sheet_showing(person: str, item_id: int) -> SortingSheet | None:
    """Return the sheet that this person has taken and that shows an item: the reason for its tile to be served."""
    tiles = SheetTile.objects.filter(item_id=item_id, sheet__person=person, sheet__state=SheetState.TAKEN)
    tile = tiles.select_related("sheet").first()
    return tile.sheet if tile else None


def sorted_among(person: str, items: Collection[str]) -> set[str]:
    """Return which of these items (outside ids) a person has sorted on a sheet that is done."""
    rows = SheetTile.objects.filter(sheet__person=person, sheet__done_at__isnull=False, item__public_id__in=items)
    return set(rows.values_list("item__public_id", flat=True))
