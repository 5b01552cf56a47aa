"""What a person was spared: what they settled by its small blurred tile, and nothing that waits still."""

from datetime import timedelta

import pytest

from cast import MakeItem
from looking import glimpse, reveal
from openhotline.accounts.models import Person
from openhotline.assessment.models import Turn
from openhotline.assessment.services.assess_item import assess_item
from openhotline.assessment.services.take_turn import take_turn
from openhotline.assessment.services.undo_assessment import undo_assessment
from openhotline.core.clock import now
from openhotline.desk.queries.spared import settled_unseen
from openhotline.evidence.models import Item
from openhotline.exposure.queries import exposure_of
from openhotline.exposure.states import start_of_day
from openhotline.law.models import Facts
from openhotline.triage.models import SortingSheet
from openhotline.triage.services.finish_sheet import finish_sheet
from openhotline.triage.services.take_sheet import take_sheet
from openhotline.triage.services.triage_items import triage_items
from openhotline.triage.services.undo_sheet import undo_sheet

pytestmark = pytest.mark.django_db
NO_CHILD = Facts.from_dict({"content_kind": "image", "depicts_child": "no"})


def spared(person: Person, days: int = 0) -> int:
    """Return what a person was spared today, or so many days from now."""
    begin = start_of_day(now()) + timedelta(days=days)
    return settled_unseen(person.public_id, begin, begin + timedelta(days=1))


def sheet_of(person: Person) -> SortingSheet:
    """Take a sheet and see its tiles."""
    sheet = take_sheet(actor=person, now=now())
    assert sheet is not None
    glimpse(sheet.public_id, person, now())
    return sheet


def turn_of(person: Person) -> Turn:
    """Take the next picture and see its tile."""
    turn = take_turn(actor=person, now=now())
    assert isinstance(turn, Turn)
    glimpse(turn.item.public_id, person, now())
    return turn


def decide(turn: Turn, person: Person) -> int:
    """Say that no child is shown."""
    found = assess_item(turn_id=turn.pk, facts=NO_CHILD, idempotency=f"k{turn.pk}", actor=person, now=now())
    return found.assessment.pk


def test_a_sheet_that_is_not_finished_spares_nobody_anything(analyst: Person, unsorted: list[Item]) -> None:
    """Its tiles were glimpsed, and count as that; each may still have to be seen in full."""
    sheet_of(analyst)
    assert spared(analyst) == 0
    assert exposure_of(analyst, now(), settled=settled_unseen).saved == 0


def test_what_a_finished_sheet_set_aside_is_spared_and_what_it_kept_is_not(
    analyst: Person, other_analyst: Person, unsorted: list[Item]
) -> None:
    """Two of three tiles are set aside; the third goes to assessment, where somebody looks."""
    finish_sheet(sheet=sheet_of(analyst).public_id, set_aside={0, 1}, actor=analyst, now=now())
    assert (spared(analyst), spared(other_analyst), spared(analyst, days=-1)) == (2, 0, 0)
    assert exposure_of(analyst, now(), settled=settled_unseen).unseen == 2


def test_what_had_no_picture_spared_nobody_a_look(analyst: Person, unsorted: list[Item], make_item: MakeItem) -> None:
    item = make_item(state="unreadable", unreadable_reason="truncated", pdq=None, quality=None, width=None, height=None)
    triage_items(ids=[item.pk], actor="test", now=now())
    finish_sheet(sheet=sheet_of(analyst).public_id, set_aside={0, 1, 2, 3}, actor=analyst, now=now())
    assert spared(analyst) == 3


def test_a_sheet_that_was_taken_back_spares_nothing_until_it_is_finished_again(
    analyst: Person, unsorted: list[Item]
) -> None:
    """Undone is undone, in this figure too."""
    sheet = sheet_of(analyst)
    finish_sheet(sheet=sheet.public_id, set_aside={0}, actor=analyst, now=now())
    undo_sheet(actor=analyst, now=now())
    assert spared(analyst) == 0
    finish_sheet(sheet=sheet.public_id, set_aside={0}, actor=analyst, now=now())
    assert spared(analyst) == 1


def test_an_opinion_on_a_tile_alone_is_spared_and_one_after_a_look_is_not(analyst: Person, queued: list[Item]) -> None:
    """The tile that waits in hand is spared to nobody yet; nor is what was seen in full."""
    first = turn_of(analyst)
    assert spared(analyst) == 0
    given = decide(first, analyst)
    assert spared(analyst) == 1
    second = turn_of(analyst)
    reveal(second.item.public_id, analyst, now())
    decide(second, analyst)
    assert spared(analyst) == 1
    undo_assessment(assessment_id=given, actor=analyst, now=now())
    assert spared(analyst) == 0


def test_planted_bug_glimpses_that_counted_by_themselves_would_be_seen(analyst: Person, unsorted: list[Item]) -> None:
    """As it was before: whatever was glimpsed and not revealed was counted, also on a sheet in hand."""
    sheet_of(analyst)
    day = exposure_of(analyst, now(), settled=settled_unseen)
    assert day.glimpsed - day.reveals > day.unseen
