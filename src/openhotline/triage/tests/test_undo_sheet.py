"""A person takes back what their last sheet set aside."""

from datetime import datetime, timedelta

import pytest

from cast import MakeItem
from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.triage.errors import SheetDone
from openhotline.triage.models import Selection, SortingSheet
from openhotline.triage.queries import preview_of, tiles_of
from openhotline.triage.services.finish_sheet import finish_sheet
from openhotline.triage.services.take_sheet import take_sheet
from openhotline.triage.services.triage_items import triage_items
from openhotline.triage.services.undo_sheet import undo_sheet
from openhotline.triage.states import UNDO_MINUTES, Reason, SelectionState

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(make_item: MakeItem, analyst: Person, now: datetime) -> SortingSheet:
    """Two stacks, the first of two members."""
    items = [make_item(), make_item(flip=4), make_item(seed=7)]
    triage_items(ids=[item.pk for item in items], actor="step:test", now=now)
    taken = take_sheet(actor=analyst, now=now)
    assert taken is not None
    return taken


def _finish(sheet: SortingSheet, analyst: Person, now: datetime) -> None:
    why = {0: Reason.NO_PERSON}
    finish_sheet(sheet=sheet.public_id, set_aside=why, reasons=why, actor=analyst, now=now)


def test_what_was_set_aside_lies_on_the_sheet_again(sheet: SortingSheet, analyst: Person, now: datetime) -> None:
    _finish(sheet, analyst, now)
    again = undo_sheet(actor=analyst, now=now)
    assert [tile.position for tile in tiles_of(again)] == [0]
    states = list(Selection.objects.order_by("item_id").values_list("state", flat=True))
    assert states == [SelectionState.UNSORTED, SelectionState.UNSORTED, SelectionState.SELECTED]
    assert Record.objects.get(action="sheet_undone").actor == analyst.public_id


def test_it_can_be_finished_otherwise(sheet: SortingSheet, analyst: Person, now: datetime) -> None:
    _finish(sheet, analyst, now)
    undo_sheet(actor=analyst, now=now)
    assert finish_sheet(sheet=sheet.public_id, set_aside=[], actor=analyst, now=now) == (2, 0)
    assert set(Selection.objects.values_list("reason", flat=True)) == {Reason.KEPT}


def test_after_ten_minutes_it_stands(sheet: SortingSheet, analyst: Person, now: datetime) -> None:
    _finish(sheet, analyst, now)
    with pytest.raises(SheetDone, match="last 10 minutes"):
        undo_sheet(actor=analyst, now=now + timedelta(minutes=UNDO_MINUTES))


def test_nobody_takes_back_for_another(
    sheet: SortingSheet, analyst: Person, other_analyst: Person, now: datetime
) -> None:
    _finish(sheet, analyst, now)
    with pytest.raises(SheetDone):
        undo_sheet(actor=other_analyst, now=now)


def test_the_sheet_in_hand_comes_first(
    make_item: MakeItem, sheet: SortingSheet, analyst: Person, now: datetime
) -> None:
    _finish(sheet, analyst, now)
    triage_items(ids=[make_item(seed=8).pk], actor="step:test", now=now)
    take_sheet(actor=analyst, now=now)
    with pytest.raises(SheetDone, match="Finish it first"):
        undo_sheet(actor=analyst, now=now)


def test_a_preview_counts_what_lies_under_the_tiles_and_changes_nothing(sheet: SortingSheet) -> None:
    found = preview_of(sheet, {0: Reason.NO_PERSON})
    assert found.aside == {Reason.NO_PERSON: (1, 2)}
    assert (found.kept, found.kept_items, found.aside_items) == (1, 1, 2)
    assert set(Selection.objects.values_list("state", flat=True)) == {SelectionState.UNSORTED}
