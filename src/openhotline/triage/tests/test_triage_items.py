"""What the machine may say of examined items, and what it leaves to people."""

from dataclasses import replace
from datetime import datetime

import pytest

from cast import MakeItem
from openhotline.audit.models import Record
from openhotline.evidence.queries import unseen_items
from openhotline.evidence.states import ItemState, UnreadableReason
from openhotline.hashlists.models import KnownFile
from openhotline.hashlists.states import Verdict
from openhotline.triage.models import Match, SecondLook, Seen, Selection, Stack, StackMember, read_rules
from openhotline.triage.policies import machine_selection, points_of, priority
from openhotline.triage.services.triage_items import triage_items
from openhotline.triage.states import MACHINE_REASONS, Reason, SelectionState

pytestmark = pytest.mark.django_db
RULES = read_rules()
PLAIN = Seen(
    readable=True,
    unseen=False,
    shortest_side=500,
    verdicts=frozenset(),
    real_basis="unknown",
    suspects_altered_real=False,
    urgent=False,
)


def _triage(now: datetime, *items: object) -> int:
    return triage_items(ids=[item.pk for item in items], actor="step:test", now=now)


def test_an_ordinary_picture_waits_for_a_person(make_item: MakeItem, now: datetime) -> None:
    _triage(now, make_item())
    assert Selection.objects.get().state == SelectionState.UNSORTED


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"state": ItemState.UNREADABLE, "unreadable_reason": "empty", "pdq": None}, Reason.UNREADABLE),
        ({"width": 48}, Reason.TOO_SMALL),
    ],
)
def test_the_machine_sets_aside_what_nobody_could_assess(
    make_item: MakeItem, now: datetime, changes: dict[str, object], reason: Reason
) -> None:
    _triage(now, make_item(**changes))
    assert (Selection.objects.get().state, Selection.objects.get().reason) == (SelectionState.SET_ASIDE, reason)


GIVEN_UP = {"state": ItemState.UNREADABLE, "width": None, "height": None, "pdq": None, "quality": None}


HAS_BYTES = [why for why in UnreadableReason if why != "empty"]


@pytest.mark.parametrize("why", HAS_BYTES)
def test_a_file_that_nobody_could_open_waits_for_a_person(make_item: MakeItem, now: datetime, why: str) -> None:
    """Damaged, too large or unknown, with marks of a camera or without: somebody may be able to see something in it."""
    item = make_item(**GIVEN_UP, unreadable_reason=why)
    _triage(now, item)
    assert item.selection.state == SelectionState.UNSORTED
    assert Stack.objects.get(leader=item).waiting
    assert list(unseen_items()) == [item]


def test_a_damaged_file_that_a_list_knows_to_be_harmless_is_set_aside(make_item: MakeItem, now: datetime) -> None:
    """By its exact bytes, as any other; and nobody is asked to look again at what has no tile."""
    item = make_item(**GIVEN_UP, unreadable_reason="truncated")
    KnownFile.objects.create(list_name="partner", lookup=item.lookup, verdict=Verdict.HARMLESS, imported_at=now)
    _triage(now, item)
    assert (item.selection.state, item.selection.reason) == (SelectionState.SET_ASIDE, Reason.KNOWN_HARMLESS)
    assert not SecondLook.objects.exists()


@pytest.mark.parametrize("why", UnreadableReason)
def test_a_known_file_goes_to_assessment_even_if_it_cannot_be_read(
    make_item: MakeItem, now: datetime, why: UnreadableReason
) -> None:
    item = make_item(**GIVEN_UP, unreadable_reason=why)
    KnownFile.objects.create(list_name="partner", lookup=item.lookup, verdict=Verdict.KNOWN, imported_at=now)
    _triage(now, item)
    assert (item.selection.state, item.selection.reason) == (SelectionState.SELECTED, Reason.KNOWN_MATCH)
    assert StackMember.objects.get(item=item).part_id == item.pk
    assert Match.objects.get().verdict == Verdict.KNOWN


def test_planted_bug_a_rule_that_set_aside_what_nobody_could_open_would_be_seen() -> None:
    """Whatever else is seen of such a file, and however an operator names the rule: only a harmless list does it."""
    misnamed = replace(RULES, set_aside=tuple(replace(one, reason=Reason.KNOWN_HARMLESS) for one in RULES.set_aside))
    seen = replace(PLAIN, readable=False, unseen=True, shortest_side=0)
    for rules in (RULES, misnamed):
        assert machine_selection(seen, rules)[0] == SelectionState.UNSORTED
        assert machine_selection(replace(seen, verdicts=frozenset(Verdict)), rules)[0] == SelectionState.SELECTED
        assert machine_selection(replace(seen, unseen=False), rules)[0] == SelectionState.SET_ASIDE
    without = replace(RULES, set_aside=tuple(one for one in RULES.set_aside if one.reason != Reason.KNOWN_HARMLESS))
    assert (
        machine_selection(replace(seen, verdicts=frozenset({Verdict.HARMLESS})), without)[0] == SelectionState.UNSORTED
    )


@pytest.mark.parametrize(
    ("verdict", "state"), [(Verdict.HARMLESS, SelectionState.SET_ASIDE), (Verdict.KNOWN, SelectionState.SELECTED)]
)
def test_an_exact_file_of_a_list_is_matched(
    make_item: MakeItem, now: datetime, verdict: Verdict, state: SelectionState
) -> None:
    item = make_item()
    KnownFile.objects.create(list_name="partner", lookup=item.lookup, verdict=verdict, imported_at=now)
    _triage(now, item)
    assert Selection.objects.get().state == state
    assert Match.objects.get().kind == Match.FILE


def test_a_near_duplicate_of_a_harmless_file_is_not_set_aside(make_item: MakeItem, now: datetime) -> None:
    harmless, near = make_item(), make_item(flip=2)
    KnownFile.objects.create(list_name="x", lookup=harmless.lookup, verdict=Verdict.HARMLESS, imported_at=now)
    _triage(now, harmless, near)
    assert near.selection.state == SelectionState.UNSORTED


def test_a_second_delivery_changes_nothing(make_item: MakeItem, now: datetime) -> None:
    item = make_item()
    _triage(now, item)
    assert _triage(now, item) == 0
    assert Record.objects.filter(action="items_triaged").count() == 1


def test_a_possibly_altered_real_picture_comes_first() -> None:
    altered = replace(PLAIN, suspects_altered_real=True)
    known = replace(PLAIN, verdicts=frozenset({Verdict.KNOWN}))
    order = sorted([known, altered, PLAIN], key=lambda seen: -points_of(priority(seen, RULES)))
    assert order == [altered, PLAIN, known]


def test_no_machine_reason_says_what_a_picture_shows() -> None:
    assert {Reason.SORTED_OUT, Reason.KEPT}.isdisjoint(MACHINE_REASONS)


def test_planted_bug_a_rule_that_judged_by_ai_marks_would_be_seen() -> None:
    """The rules are given no AI evidence at all: a picture with any mark is treated as one without."""
    assert "ai_involvement" not in Seen.__dataclass_fields__
    assert machine_selection(replace(PLAIN, real_basis="asserted_absent_signed"), RULES) == (
        SelectionState.UNSORTED,
        None,
    )
