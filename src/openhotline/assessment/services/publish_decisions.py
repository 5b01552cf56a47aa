"""Decisions whose undo window has closed are published: with their outcomes, and what they spread to."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from openhotline.assessment.events import DecisionsCorrected, ItemDecided
from openhotline.assessment.models import Decided, Decision, Outcome, Reassessment, Turn
from openhotline.assessment.policies import spreads
from openhotline.assessment.states import DecisionState, ReassessmentState
from openhotline.audit.services.record import record
from openhotline.core.events import publish
from openhotline.law.models import Facts
from openhotline.law.models import Outcome as LawOutcome
from openhotline.law.queries import rules
from openhotline.law.services.derive import derive
from openhotline.triage.queries import part_of, spread_of


def publish_decisions(*, actor: str, now: datetime, limit: int = 500) -> int:
    """Publish up to ``limit`` due decisions in one transaction; return how many.

    A decision covers its item, and the selected members of its part where the law's answer is a yes or a no. Where it
    is not determined, each member gets a turn of its own: what was not determined does not spread. A correction takes
    the place of the decision before it, for everything that one covered, and answers who put it in question.
    """
    with transaction.atomic():
        due = list(
            Decision.objects.select_for_update()
            .filter(state=DecisionState.PROVISIONAL, publish_after__lte=now)
            .order_by("publish_after", "pk")[:limit]
        )
        if not due:
            return 0
        derived = {decision.pk: _derive(decision, now) for decision in due}
        corrected = _take_the_place(due, now)
        Outcome.objects.bulk_create(Outcome.of(decision.pk, one) for decision in due for one in derived[decision.pk])
        _cover(due, derived, now)
        Decision.objects.filter(pk__in=[decision.pk for decision in due]).update(
            state=DecisionState.PUBLISHED, published_at=now
        )
        ids = [decision.public_id for decision in due]
        record(actor=actor, action="decisions_published", subject="decisions", ids=ids, now=now)
        publish(ItemDecided(ids=tuple(decision.pk for decision in due)), now=now)
        if corrected:
            publish(DecisionsCorrected(ids=tuple(corrected)), now=now)
    return len(due)


def _take_the_place(due: list[Decision], now: datetime) -> list[int]:
    """Let corrections take the place of what was published before; return those that did."""
    before = {
        one.item_id: one
        for one in Decision.objects.select_for_update().filter(
            item_id__in=[decision.item_id for decision in due], state=DecisionState.PUBLISHED
        )
    }
    for decision in due:
        if (old := before.get(decision.item_id)) is None:
            continue
        old.state = DecisionState.CORRECTED
        old.save(update_fields=["state"])
        Decided.objects.filter(decision=old).update(decision=decision)
        Reassessment.objects.filter(decision=old, state=ReassessmentState.OPEN).update(
            state=ReassessmentState.ANSWERED, answered_at=now
        )
    return [decision.pk for decision in due if decision.item_id in before]


def _derive(decision: Decision, now: datetime) -> list[LawOutcome]:
    facts, book = Facts.from_dict(decision.facts), rules()
    return [derive(facts, jurisdiction=one, as_of=book.day_of(now, one), rules=book) for one in book.deciding]


def _cover(due: list[Decision], derived: dict[int, list[LawOutcome]], now: datetime) -> None:
    parts = part_of([decision.item_id for decision in due])
    spread = spread_of(sorted(set(parts.values())))
    # Who has a turn of their own is covered by nobody else's decision.
    near = {item for rows in spread.values() for item, _ in rows}
    own = set(Turn.objects.filter(item_id__in=near).values_list("item_id", flat=True))
    covers: list[Decided] = []
    alone: list[int] = []
    for decision in due:
        covers.append(Decided(decision=decision, item_id=decision.item_id, distance=0))
        around = [one for one in spread.get(parts.get(decision.item_id, 0), []) if one[0] not in own]
        if any(spreads(one) for one in derived[decision.pk] if one.jurisdiction == settings.JURISDICTION):
            covers += [Decided(decision=decision, item_id=item, distance=bits) for item, bits in around]
        else:
            alone += [item for item, _ in around]
        own |= {item for item, _ in around}
    Decided.objects.bulk_create(covers, ignore_conflicts=True)
    _own_turns(alone, now)


def _own_turns(items: list[int], now: datetime) -> None:
    Turn.objects.bulk_create([Turn(item_id=item, queued_at=now) for item in sorted(set(items))], ignore_conflicts=True)
