"""Scripted analysts go through sorting sheets."""

from collections.abc import Sequence

from openhotline.accounts.models import Person
from openhotline.evidence.states import ItemState
from openhotline.exposure.models import View
from openhotline.exposure.states import GLIMPSE_SECONDS
from openhotline.practice.analysts.shift import Shift, work_through
from openhotline.practice.analysts.truth import Truth
from openhotline.practice.machinery import Machinery
from openhotline.practice.progress import Tell
from openhotline.triage.queries import tiles_of, waiting_stacks
from openhotline.triage.services.finish_sheet import finish_sheet
from openhotline.triage.services.take_sheet import TILES, take_sheet

TILE_SIZE = 160 * 160
_MANY = 1_000_000


def sort_sheets(
    people: Sequence[Person],
    truth: Truth,
    machinery: Machinery,
    *,
    tell: Tell,
    most: int | None = None,
    tiles: int = TILES,
) -> int:
    """Set aside the tiles of which the truth says that they are not selected, keep the others; return the sheets.

    What the truth does not know is kept: a person shall look at it.
    """
    waiting = waiting_stacks(_MANY)

    def one_sheet(shift: Shift) -> bool:
        sheet = take_sheet(actor=shift.person, now=shift.now, tiles=tiles)
        if sheet is None:
            return False
        shown = tiles_of(sheet)
        known = {tile.position: truth.of(tile.item) for tile in shown}
        aside = {position for position, true in known.items() if true is not None and true.set_aside is not None}
        if seen := sum(tile.item.state == ItemState.EXAMINED for tile in shown):
            shift.look(
                sheet.public_id,
                kind=View.GLIMPSE,
                size=TILE_SIZE,
                seconds=GLIMPSE_SECONDS * seen,
                pictures=seen,
            )
        finish_sheet(sheet=sheet.public_id, set_aside=aside, actor=shift.person, now=shift.now)
        tell("sorting", waiting - waiting_stacks(_MANY), waiting)
        return True

    done = work_through(people, one_sheet, machinery, most=most)
    machinery.settle()
    return done
