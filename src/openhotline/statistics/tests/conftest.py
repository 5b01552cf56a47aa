"""Decided items, as they stand after the undo window."""

from collections.abc import Callable
from datetime import datetime

import pytest

from cast import MakeItem
from openhotline.assessment.models import Decided, Decision, Outcome
from openhotline.assessment.states import DecisionState
from openhotline.audit.services.record import record
from openhotline.evidence.models import Item


@pytest.fixture
def decide(make_item: MakeItem, now: datetime) -> Callable[..., Decision]:
    """A published decision on a new item, with what the law here says of it. The log says that the item was found."""

    def make(
        kind: str = "pseudo_photograph",
        category: str = "A",
        *,
        at: datetime = now,
        item: Item | None = None,
        criminal: bool | None = True,
        **facts: str,
    ) -> Decision:
        decided = item or make_item(seed=Decision.objects.count())
        decided.sightings.update(seen_at=at)
        if item is None:
            detail = {"files": 1, "new": 1, "sightings": 1}
            names = [decided.public_id]
            record(actor="step:x", action="items_sealed", subject="items", ids=names, now=at, detail={**detail})
        decision = Decision.objects.create(
            item=decided,
            facts=facts,
            consensus=2,
            state=DecisionState.PUBLISHED,
            made_at=at,
            publish_after=at,
            published_at=at,
        )
        Decided.objects.create(decision=decision, item=decided, distance=0)
        Outcome.objects.create(
            decision=decision,
            jurisdiction="GB-EAW",
            as_of=at.date(),
            kind=kind,
            category=category,
            criminal=criminal,
            trace=[],
        )
        return decision

    return make
