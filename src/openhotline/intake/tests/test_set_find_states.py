"""Evidence says what became of finds."""

from datetime import datetime

import pytest

from openhotline.intake.models import Collection, Find
from openhotline.intake.models.containers import FindRefused
from openhotline.intake.queries import find_page
from openhotline.intake.services.set_find_states import set_find_states
from openhotline.intake.states import FindState, WhyRefused

pytestmark = pytest.mark.django_db


@pytest.fixture
def finds(now: datetime) -> list[Find]:
    """Two registered finds."""
    collection = Collection.objects.create(name="c", folder="/x", authority="a", opened_at=now, finds_expected=2)
    return [Find.objects.create(collection=collection, number=n, path=f"{n}.png") for n in (1, 2)]


def test_taken_and_refused_are_told_with_the_sentence(finds: list[Find], now: datetime) -> None:
    taken, refused = finds
    gone = FindRefused(WhyRefused.MISSING, "The file is gone.")
    set_find_states(taken=[taken.pk], refused={refused.pk: gone}, actor="step:x", now=now)
    facts = find_page(taken.collection)
    assert facts.counts == dict.fromkeys(FindState, 0) | {FindState.TAKEN: 1, FindState.REFUSED: 1}
    assert facts.why == {WhyRefused.MISSING: 1}
    assert [find.refusal for find in facts.refusals] == ["The file is gone."]


def test_what_was_taken_is_not_refused_afterwards(finds: list[Find], now: datetime) -> None:
    first = finds[0]
    set_find_states(taken=[first.pk], refused={}, actor="step:x", now=now)
    no = FindRefused(WhyRefused.MISSING, "No.")
    assert set_find_states(taken=[], refused={first.pk: no}, actor="step:x", now=now) == 0
    first.refresh_from_db()
    assert first.state == FindState.TAKEN


def test_what_was_there_already_is_folded(finds: list[Find], now: datetime) -> None:
    set_find_states(taken=[finds[0].pk], folded=[finds[1].pk], refused={}, actor="step:x", now=now)
    assert find_page(finds[0].collection).counts[FindState.FOLDED] == 1
