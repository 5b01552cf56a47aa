"""A person takes back what a sheet of theirs set aside."""

from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.triage.errors import SheetDone
from openhotline.triage.models import SecondLook, Selection, SheetTile, SortingSheet
from openhotline.triage.queries import undoable_sheet
from openhotline.triage.states import UNDO_MINUTES, SelectionState, SheetState


def undo_sheet(*, actor: Person, now: datetime) -> SortingSheet:
    """Open this person's last sheet again with the tiles that it set aside, unsorted as before.

    What it kept went on to assessment and stays there. Raises SheetDone when there is nothing of the last ten minutes,
    or when another sheet is open.
    """
    with transaction.atomic():
        row = undoable_sheet(actor.public_id, now)
        if row is None or row.done_at is None:
            raise SheetDone(f"Nothing that you set aside in the last {UNDO_MINUTES} minutes can be taken back.")
        if SortingSheet.objects.filter(person=actor.public_id, state=SheetState.TAKEN).exists():
            raise SheetDone("You hold another sheet. Finish it first, then take this one back.")
        mine = Selection.objects.select_for_update().filter(
            by=actor.public_id, at=row.done_at, state=SelectionState.SET_ASIDE
        )
        ids = sorted(mine.values_list("item_id", flat=True))
        Selection.objects.filter(item_id__in=ids).update(state=SelectionState.UNSORTED, reason="", by="", at=now)
        tiles = SheetTile.objects.filter(sheet=row, kept=False, second_look=False)
        SecondLook.objects.filter(item__in=tiles.values("item_id"), by=actor.public_id, kept=None).delete()
        tiles.update(kept=None, reason="")
        row.state, row.taken_at, row.done_at = SheetState.TAKEN, now, None
        row.save(update_fields=["state", "taken_at", "done_at"])
        record(actor=actor.public_id, action="sheet_undone", subject=row.public_id, ids=ids, now=now)
    return row
