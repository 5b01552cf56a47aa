"""What is known of triaged items changes, and selection and order follow."""

from datetime import datetime, timedelta

import pytest

from cast import MakeItem
from openhotline.audit.models import Record
from openhotline.core.crypto import lookup
from openhotline.core.models import Event
from openhotline.evidence.models import Item, Sighting
from openhotline.hashlists.services.import_known import import_known
from openhotline.hashlists.states import Verdict
from openhotline.intake.models import Report
from openhotline.intake.states import Lane, Source
from openhotline.triage.models import Match, Selection, Stack
from openhotline.triage.services.judge_again import judge_again
from openhotline.triage.services.triage_items import triage_items
from openhotline.triage.states import Reason, SelectionState

pytestmark = pytest.mark.django_db
SHA = "0a" * 32


def _again(now: datetime, *items: Item) -> int:
    return judge_again(ids=[item.pk for item in items], actor="step:test", now=now)


def _triage(now: datetime, *items: Item) -> None:
    triage_items(ids=[item.pk for item in items], actor="step:test", now=now)


def _known(item: Item, now: datetime, verdict: Verdict = Verdict.KNOWN) -> None:
    """A list that holds the item's very file."""
    import_known(list_name=f"list {verdict}", verdict=verdict, lines=[SHA], actor="test", now=now)
    Item.objects.filter(pk=item.pk).update(lookup=lookup("file", SHA))


def test_the_same_again_changes_nothing_and_leaves_no_record(make_item: MakeItem, now: datetime) -> None:
    item = make_item()
    _triage(now, item)
    assert _again(now, item) == 0
    assert not Record.objects.filter(action="items_judged_again").exists()


def test_a_file_that_a_list_knows_since_today_goes_to_assessment(make_item: MakeItem, now: datetime) -> None:
    item = make_item()
    _triage(now, item)
    _known(item, now)
    _again(now, item)
    item.selection.refresh_from_db()
    assert (item.selection.state, item.selection.reason) == (SelectionState.SELECTED, Reason.KNOWN_MATCH)
    assert Match.objects.filter(item=item, verdict=Verdict.KNOWN).exists()
    assert Event.objects.filter(kind="ItemsSelected").exists()


def test_what_cannot_be_read_and_is_known_since_today_gets_the_stack_that_the_queue_needs(
    make_item: MakeItem, now: datetime
) -> None:
    item = make_item(state="unreadable", unreadable_reason="empty", pdq=None, quality=None)
    _triage(now, item)
    assert not Stack.objects.exists()
    _known(item, now)
    _again(now, item)
    assert (Stack.objects.get().leader, Stack.objects.get().waiting) == (item, False)


def test_what_a_person_set_aside_comes_back_when_a_list_knows_it(make_item: MakeItem, now: datetime) -> None:
    item = make_item()
    _triage(now, item)
    Selection.objects.update(state=SelectionState.SET_ASIDE, reason=Reason.SORTED_OUT, by="per_x")
    _known(item, now)
    _again(now, item)
    assert Selection.objects.get().state == SelectionState.SELECTED


def test_planted_bug_a_harmless_list_that_set_aside_what_a_person_kept_would_be_seen(
    make_item: MakeItem, now: datetime
) -> None:
    item = make_item()
    _triage(now, item)
    Selection.objects.update(state=SelectionState.SELECTED, reason=Reason.KEPT, by="per_x")
    _known(item, now, Verdict.HARMLESS)
    _again(now, item)
    assert (Selection.objects.get().state, Selection.objects.get().reason) == (SelectionState.SELECTED, Reason.KEPT)


def test_what_a_rule_set_aside_waits_for_a_person_when_the_rule_speaks_no_more(
    make_item: MakeItem, now: datetime
) -> None:
    item = make_item(width=40)
    _triage(now, item)
    Item.objects.update(width=400)
    _again(now, item)
    assert Selection.objects.get().state == SelectionState.UNSORTED
    assert Stack.objects.get().waiting


def test_a_report_of_danger_lifts_the_whole_stack(make_item: MakeItem, now: datetime) -> None:
    first, other = make_item(), make_item(flip=3)
    _triage(now, first, other)
    before = Stack.objects.get().points
    report = Report.objects.create(
        lane=Lane.URGENT, source=Source.PUBLIC, started_at=now, received_at=now, practice=True
    )
    Sighting.objects.create(item=other, report=report, seen_at=now)
    _again(now, other)
    stack = Stack.objects.get()
    assert stack.points == before + 100
    assert ["danger_now", 100] in stack.reasons
    assert Event.objects.filter(kind="PrioritiesChanged").count() == 1


def test_a_stack_comes_down_when_its_highest_does(make_item: MakeItem, now: datetime) -> None:
    altered, plain = make_item(suspects_altered_real=True), make_item(flip=3)
    _triage(now, altered, plain)
    Item.objects.update(suspects_altered_real=False)
    _again(now, altered)
    assert ["altered_real", 60] not in Stack.objects.get().reasons


def test_what_was_recent_is_so_no_longer_by_the_clock_alone(make_item: MakeItem, now: datetime) -> None:
    item = make_item()
    _triage(now, item)
    assert Selection.objects.get().review_at == now + timedelta(days=7)
    later = now + timedelta(days=8)
    assert _again(later, item) == 1
    assert ["recent", 10] not in Selection.objects.get().reasons
    assert Selection.objects.get().review_at is None
