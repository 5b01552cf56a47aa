"""An analyst takes a sorting sheet."""

from datetime import datetime

import pytest

from cast import MakeItem
from openhotline.accounts.models import Person
from openhotline.core.errors import NotAllowed
from openhotline.triage.queries import tiles_of
from openhotline.triage.services.take_sheet import take_sheet
from openhotline.triage.services.triage_items import triage_items

pytestmark = pytest.mark.django_db


def _triage(now: datetime, *items: object) -> None:
    triage_items(ids=[item.pk for item in items], actor="step:test", now=now)


def test_nothing_waits(analyst: Person, now: datetime) -> None:
    assert take_sheet(actor=analyst, now=now) is None


def test_a_stack_is_one_tile(make_item: MakeItem, analyst: Person, now: datetime) -> None:
    _triage(now, make_item(), make_item(flip=5), make_item(seed=9))
    assert len(tiles_of(take_sheet(actor=analyst, now=now))) == 2


def test_an_altered_picture_has_a_tile_of_its_own(make_item: MakeItem, analyst: Person, now: datetime) -> None:
    _triage(now, make_item(), make_item(flip=1, suspects_altered_real=True))
    assert len(tiles_of(take_sheet(actor=analyst, now=now))) == 2


def test_the_sheet_that_is_open_is_given_again(make_item: MakeItem, analyst: Person, now: datetime) -> None:
    _triage(now, make_item(), make_item(seed=1))
    first = take_sheet(actor=analyst, now=now, tiles=1)
    assert take_sheet(actor=analyst, now=now, tiles=1) == first


def test_two_people_never_hold_the_same_stack(
    make_item: MakeItem, analyst: Person, other_analyst: Person, now: datetime
) -> None:
    _triage(now, make_item())
    take_sheet(actor=analyst, now=now)
    assert take_sheet(actor=other_analyst, now=now) is None


def test_a_manager_does_not_sort(make_item: MakeItem, manager: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed, match="does not assess"):
        take_sheet(actor=manager, now=now)
