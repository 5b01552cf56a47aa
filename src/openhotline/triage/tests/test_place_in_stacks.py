"""Near duplicates are shown as one, and decided as one only where that is safe."""

from datetime import datetime

import pytest

from cast import MakeItem
from openhotline.triage.models import Selection, Stack, StackMember
from openhotline.triage.services.triage_items import triage_items
from openhotline.triage.states import Reason, SelectionState

pytestmark = pytest.mark.django_db


def _triage(now: datetime, *items: object) -> None:
    triage_items(ids=[item.pk for item in items], actor="step:test", now=now)


def _parts() -> int:
    return len(set(StackMember.objects.values_list("part_id", flat=True)))


def test_unrelated_pictures_are_stacks_of_their_own(make_item: MakeItem, now: datetime) -> None:
    _triage(now, make_item(seed=1), make_item(seed=2))
    assert Stack.objects.count() == 2


@pytest.mark.parametrize(("flip", "stacks"), [(31, 1), (32, 2)])
def test_a_stack_reaches_31_bits(make_item: MakeItem, now: datetime, flip: int, stacks: int) -> None:
    _triage(now, make_item(), make_item(flip=flip))
    assert Stack.objects.count() == stacks


@pytest.mark.parametrize("flip", [31, 32])
def test_the_batch_in_which_it_comes_makes_no_difference(make_item: MakeItem, now: datetime, flip: int) -> None:
    _triage(now, make_item())
    _triage(now, make_item(flip=flip))
    assert Stack.objects.count() == flip - 30


@pytest.mark.parametrize(("flip", "parts"), [(10, 1), (11, 2)])
def test_a_part_reaches_10_bits(make_item: MakeItem, now: datetime, flip: int, parts: int) -> None:
    _triage(now, make_item(), make_item(flip=flip))
    assert _parts() == parts


def test_other_file_evidence_is_another_part(make_item: MakeItem, now: datetime) -> None:
    _triage(now, make_item(), make_item(flip=2, ai_involvement="claimed_unsigned"))
    assert _parts() == 2


def test_a_possibly_altered_real_picture_is_always_apart(make_item: MakeItem, now: datetime) -> None:
    _triage(now, make_item(), *(make_item(flip=n, suspects_altered_real=True) for n in (1, 2)))
    assert (Stack.objects.count(), _parts()) == (1, 3)


def test_a_plain_picture_is_its_own_stack_though_its_hash_is_near(make_item: MakeItem, now: datetime) -> None:
    _triage(now, make_item(), make_item(flip=1, quality=10))
    assert Stack.objects.count() == 2


def test_a_late_member_follows_what_a_person_sorted(make_item: MakeItem, now: datetime) -> None:
    first, late = make_item(), make_item(flip=3)
    _triage(now, first)
    Selection.objects.update(state=SelectionState.SET_ASIDE, reason=Reason.SORTED_OUT, by="per_x")
    _triage(now, late)
    assert (late.selection.state, late.selection.by) == (SelectionState.SET_ASIDE, f"part:{first.pk}")


def test_planted_bug_if_apart_were_ignored_an_altered_picture_would_share_a_part(
    make_item: MakeItem, now: datetime
) -> None:
    """Without the suspicion the same hashes are one part: the suspicion is what keeps them apart above."""
    _triage(now, make_item(), make_item(flip=1, suspects_altered_real=False))
    assert _parts() == 1
