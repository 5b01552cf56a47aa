"""A share of what was sorted is looked at once more by somebody who does not know how."""

from dataclasses import replace
from datetime import datetime

import pytest

from cast import MakeItem
from openhotline.accounts.models import Person
from openhotline.evidence.models import Item
from openhotline.triage.models import SecondLook, Selection, SheetTile, SortingSheet, Stack, read_rules
from openhotline.triage.queries import quality, rules, tiles_of
from openhotline.triage.queries import second_looks as looks
from openhotline.triage.services.finish_sheet import finish_sheet
from openhotline.triage.services.return_sheets import LEFT_AFTER, return_sheets
from openhotline.triage.services.take_sheet import take_sheet
from openhotline.triage.services.triage_items import triage_items
from openhotline.triage.states import Reason, SelectionState

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def everything_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """The share is the whole."""
    monkeypatch.setattr(looks, "rules", lambda: replace(read_rules(), second_looks=1))


def _triage(now: datetime, *items: Item) -> None:
    triage_items(ids=[item.pk for item in items], actor="step:test", now=now)


def _sort(person: Person, now: datetime, *, keep: bool) -> SortingSheet:
    sheet = take_sheet(actor=person, now=now)
    assert sheet is not None
    aside = [] if keep else [tile.position for tile in tiles_of(sheet)]
    finish_sheet(sheet=sheet.public_id, set_aside=aside, actor=person, now=now)
    return sheet


def test_what_one_set_aside_lies_unmarked_among_the_tiles_of_another(
    make_item: MakeItem, analyst: Person, other_analyst: Person, now: datetime
) -> None:
    item = make_item()
    _triage(now, item)
    _sort(analyst, now, keep=False)
    _triage(now, make_item(seed=1))
    sheet = take_sheet(actor=other_analyst, now=now)
    assert sheet is not None
    assert {tile.item_id for tile in tiles_of(sheet) if tile.second_look} == {item.pk}
    assert len(tiles_of(sheet)) == 2


def test_nobody_looks_a_second_time_at_what_they_sorted(make_item: MakeItem, analyst: Person, now: datetime) -> None:
    _triage(now, make_item())
    _sort(analyst, now, keep=False)
    _triage(now, make_item(seed=1))
    sheet = take_sheet(actor=analyst, now=now)
    assert sheet is not None
    assert not sheet.tiles.filter(second_look=True).exists()


def test_what_the_second_keeps_goes_to_assessment_with_all_under_its_tile(
    make_item: MakeItem, analyst: Person, other_analyst: Person, now: datetime
) -> None:
    _triage(now, make_item(), make_item(flip=2))
    _sort(analyst, now, keep=False)
    _triage(now, make_item(seed=1))
    _sort(other_analyst, now, keep=True)
    reasons = sorted(Selection.objects.values_list("reason", flat=True))
    assert reasons == [Reason.KEPT, Reason.SECOND_LOOK, Reason.SECOND_LOOK]
    assert quality().missed[Reason.SORTED_OUT].hits == 1


def test_what_the_second_sets_aside_changes_nothing(
    make_item: MakeItem, analyst: Person, other_analyst: Person, now: datetime
) -> None:
    item = make_item()
    _triage(now, item)
    _sort(analyst, now, keep=True)
    _triage(now, make_item(seed=1))
    _sort(other_analyst, now, keep=False)
    assert Selection.objects.get(item=item).state == SelectionState.SELECTED
    assert (quality().alike.hits, quality().alike.of) == (0, 1)


def test_what_a_rule_set_aside_is_checked_too_but_not_what_has_no_tile(
    make_item: MakeItem, analyst: Person, now: datetime
) -> None:
    small = make_item(width=40)
    _triage(now, small, make_item(seed=2, state="unreadable", pdq=None, quality=None), make_item(seed=1))
    assert list(SecondLook.objects.values_list("item_id", flat=True)) == [small.pk]
    _sort(analyst, now, keep=True)
    assert Selection.objects.get(item=small).reason == Reason.SECOND_LOOK
    assert quality().missed[Reason.TOO_SMALL].of == 1
    assert quality().alike.of == 0


def test_what_was_decided_meanwhile_is_shown_to_nobody(
    make_item: MakeItem, analyst: Person, other_analyst: Person, now: datetime
) -> None:
    _triage(now, make_item())
    _sort(analyst, now, keep=True)
    Stack.objects.update(decided=True)
    _triage(now, make_item(seed=1))
    sheet = take_sheet(actor=other_analyst, now=now)
    assert sheet is not None
    assert sheet.tiles.count() == 1


def test_planted_bug_a_sheet_left_lying_that_unsorted_its_second_looks_would_be_seen(
    make_item: MakeItem, analyst: Person, other_analyst: Person, now: datetime
) -> None:
    sorted_before = make_item()
    _triage(now, sorted_before)
    _sort(analyst, now, keep=False)
    _triage(now, make_item(seed=1))
    take_sheet(actor=other_analyst, now=now)
    return_sheets(actor="test", now=now + 2 * LEFT_AFTER)
    assert list(Stack.objects.filter(waiting=True).values_list("leader__selection__state", flat=True)) == ["unsorted"]
    assert SheetTile.objects.filter(second_look=True, kept=None).count() == 1
    assert not Stack.objects.get(leader=sorted_before).waiting


def test_few_lie_on_one_sheet(make_item: MakeItem, analyst: Person, other_analyst: Person, now: datetime) -> None:
    _triage(now, *[make_item(seed=seed) for seed in range(9)])
    _sort(analyst, now, keep=True)
    _triage(now, make_item(seed=20))
    sheet = take_sheet(actor=other_analyst, now=now)
    assert sheet is not None
    assert sheet.tiles.filter(second_look=True).count() == rules().second_looks_a_sheet
