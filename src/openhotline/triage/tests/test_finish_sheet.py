"""An analyst has gone through a sheet."""

from datetime import datetime

import pytest

from cast import MakeItem
from looking import glimpse
from openhotline.accounts.models import Person
from openhotline.core.models import Event
from openhotline.evidence.models import Rendition
from openhotline.triage.errors import SheetDone, SheetMissing, SheetUnseen
from openhotline.triage.models import Selection, SortingSheet
from openhotline.triage.queries import preview_of
from openhotline.triage.services import finish_sheet as operation
from openhotline.triage.services.finish_sheet import finish_sheet
from openhotline.triage.services.take_sheet import take_sheet
from openhotline.triage.services.triage_items import triage_items
from openhotline.triage.states import Reason

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(make_item: MakeItem, analyst: Person, now: datetime) -> SortingSheet:
    """Two stacks, the first of two members, the second with a member shown apart."""
    items = [
        make_item(), make_item(flip=4),
        make_item(seed=7), make_item(seed=7, flip=1, suspects_altered_real=True),
    ]  # fmt: skip
    triage_items(ids=[item.pk for item in items], actor="step:test", now=now)
    taken = take_sheet(actor=analyst, now=now)
    assert taken is not None
    return taken


def _reasons() -> list[str]:
    return list(Selection.objects.order_by("item_id").values_list("reason", flat=True))


def test_what_is_not_set_aside_is_kept(sheet: SortingSheet, analyst: Person, now: datetime) -> None:
    assert finish_sheet(sheet=sheet.public_id, set_aside=[], actor=analyst, now=now) == (4, 0)


def test_a_tile_speaks_for_its_stack_but_not_for_who_is_apart(
    sheet: SortingSheet, analyst: Person, now: datetime
) -> None:
    third = Selection.objects.order_by("item_id")[2].item_id
    tile = sheet.tiles.get(item_id=third)
    finish_sheet(sheet=sheet.public_id, set_aside=[tile.position], actor=analyst, now=now)
    assert _reasons() == [Reason.KEPT, Reason.KEPT, Reason.SORTED_OUT, Reason.KEPT]


def test_nobody_says_what_a_tile_without_a_picture_does_not_show(
    make_item: MakeItem, analyst: Person, now: datetime
) -> None:
    """Whatever reason the person gave or left out, it is kept that the file was not opened."""
    item = make_item(state="unreadable", unreadable_reason="truncated", pdq=None, quality=None, width=None, height=None)
    triage_items(ids=[item.pk], actor="step:test", now=now)
    taken = take_sheet(actor=analyst, now=now)
    assert taken is not None
    chosen = {0: Reason.NO_PERSON}
    assert preview_of(taken, chosen).aside == {Reason.NOT_OPENED: (1, 1)}
    finish_sheet(sheet=taken.public_id, set_aside=[0], reasons=chosen, actor=analyst, now=now)
    assert _reasons() == [Reason.NOT_OPENED]
    assert taken.tiles.get().reason == Reason.NOT_OPENED


def test_both_ways_are_announced(sheet: SortingSheet, analyst: Person, now: datetime) -> None:
    finish_sheet(sheet=sheet.public_id, set_aside=[0], actor=analyst, now=now)
    assert {"ItemsSelected", "ItemsSetAside"} <= set(Event.objects.values_list("kind", flat=True))


def test_a_sheet_is_finished_once(sheet: SortingSheet, analyst: Person, now: datetime) -> None:
    finish_sheet(sheet=sheet.public_id, set_aside=[], actor=analyst, now=now)
    with pytest.raises(SheetDone):
        finish_sheet(sheet=sheet.public_id, set_aside=[0], actor=analyst, now=now)
    assert Reason.SORTED_OUT not in _reasons()


def test_another_persons_sheet_looks_as_if_it_were_not_there(
    sheet: SortingSheet, other_analyst: Person, now: datetime
) -> None:
    with pytest.raises(SheetMissing):
        finish_sheet(sheet=sheet.public_id, set_aside=[], actor=other_analyst, now=now)


@pytest.fixture
def pictured(sheet: SortingSheet) -> SortingSheet:
    """The same sheet, and the media door can show its tiles."""
    Rendition.objects.bulk_create(
        Rendition(item=tile.item, kind=Rendition.TILE, sealed=b"x", width=160, height=160) for tile in sheet.tiles.all()
    )
    return sheet


def test_tiles_that_never_came_are_not_set_aside(pictured: SortingSheet, analyst: Person, now: datetime) -> None:
    with pytest.raises(SheetUnseen, match="You were shown none of these tiles"):
        finish_sheet(sheet=pictured.public_id, set_aside=[0], actor=analyst, now=now)
    assert Reason.SORTED_OUT not in _reasons()
    glimpse(pictured.public_id, analyst, now)
    finish_sheet(sheet=pictured.public_id, set_aside=[0], actor=analyst, now=now)
    assert Reason.SORTED_OUT in _reasons()


def test_what_nobody_saw_may_be_kept(pictured: SortingSheet, analyst: Person, now: datetime) -> None:
    assert finish_sheet(sheet=pictured.public_id, set_aside=[], actor=analyst, now=now) == (4, 0)


def test_planted_bug_an_operation_that_does_not_ask_sets_aside_unseen(
    pictured: SortingSheet, analyst: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operation, "ways_shown", lambda _person, _sheet: {"glimpse"})
    finish_sheet(sheet=pictured.public_id, set_aside=[0], actor=analyst, now=now)
    assert Reason.SORTED_OUT in _reasons()
