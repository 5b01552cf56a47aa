"""Waiting turns follow what triage knows now."""

from datetime import datetime

import pytest

from cast import MakeItem
from openhotline.assessment.models import Turn
from openhotline.assessment.services.queue_items import queue_items
from openhotline.assessment.services.reorder_turns import reorder_turns
from openhotline.assessment.states import TurnState
from openhotline.audit.models import Record
from openhotline.triage.models import Selection, Stack
from openhotline.triage.services.triage_items import triage_items
from openhotline.triage.states import Reason, SelectionState

pytestmark = pytest.mark.django_db


@pytest.fixture
def stack(make_item: MakeItem, now: datetime) -> Stack:
    """One selected picture that waits for its first opinion, and whose stack has risen since."""
    item = make_item()
    triage_items(ids=[item.pk], actor="test", now=now)
    Selection.objects.update(state=SelectionState.SELECTED, reason=Reason.KEPT)
    queue_items(item_ids=[item.pk], actor="test", now=now)
    Stack.objects.update(points=500)
    return Stack.objects.get()


def test_a_waiting_turn_moves_with_its_stack(stack: Stack, now: datetime) -> None:
    assert reorder_turns(stacks=[stack.pk], actor="step:test", now=now) == 1
    assert Turn.objects.get().points == 500
    assert Record.objects.filter(action="turns_reordered").count() == 1


def test_a_turn_in_somebodys_hands_stays(stack: Stack, now: datetime) -> None:
    Turn.objects.update(state=TurnState.LOCKED)
    assert reorder_turns(stacks=[stack.pk], actor="step:test", now=now) == 0


def test_the_same_again_leaves_no_record(stack: Stack, now: datetime) -> None:
    reorder_turns(stacks=[stack.pk], actor="step:test", now=now)
    reorder_turns(stacks=[stack.pk], actor="step:test", now=now)
    assert Record.objects.filter(action="turns_reordered").count() == 1
