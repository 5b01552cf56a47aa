"""Reading sorting sheets."""

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


def shows_on_sheet(person: str, item_id: int) -> bool:
    """Say whether an item lies on a sheet that this person has taken: the reason for its tile to be shown."""
    return SheetTile.objects.filter(item_id=item_id, sheet__person=person, sheet__state=SheetState.TAKEN).exists()
