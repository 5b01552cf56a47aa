"""Evidence says what became of finds."""

from datetime import datetime

import pytest

from openhotline.intake.models import Collection, Find
from openhotline.intake.queries import find_page
from openhotline.intake.services.set_find_states import set_find_states
from openhotline.intake.states import FindState

pytestmark = pytest.mark.django_db


@pytest.fixture
def finds(now: datetime) -> list[Find]:
    """Two registered finds."""
    collection = Collection.objects.create(name="c", folder="/x", authority="a", opened_at=now, finds_expected=2)
    return [Find.objects.create(collection=collection, number=n, path=f"{n}.png") for n in (1, 2)]


def test_taken_and_refused_are_told_with_the_sentence(finds: list[Find], now: datetime) -> None:
    taken, refused = finds
    set_find_states(taken=[taken.pk], refused={refused.pk: "The file is gone."}, actor="step:x", now=now)
    facts = find_page(taken.collection)
    assert facts.counts == {FindState.REGISTERED: 0, FindState.TAKEN: 1, FindState.REFUSED: 1}
    assert [find.refusal for find in facts.refusals] == ["The file is gone."]


def test_what_was_taken_is_not_refused_afterwards(finds: list[Find], now: datetime) -> None:
    first = finds[0]
    set_find_states(taken=[first.pk], refused={}, actor="step:x", now=now)
    assert set_find_states(taken=[], refused={first.pk: "No."}, actor="step:x", now=now) == 0
    first.refresh_from_db()
    assert first.state == FindState.TAKEN
