"""Step 6: one person records the facts of one item."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.accounts.policies import check_can_assess
from openhotline.assessment.events import VictimFlagged
from openhotline.assessment.models import Assessment, Decision, Turn, VictimFlag
from openhotline.assessment.policies import agree, check_holds, check_note, check_seen, raises_flag, second_asked_by
from openhotline.assessment.queries.second import second_opinion_rules
from openhotline.assessment.states import BLIND, ONE_AN_ITEM, Opinion, TurnState
from openhotline.audit.services.record import record
from openhotline.core.crypto import draw
from openhotline.core.events import publish
from openhotline.evidence.queries import have_tiles
from openhotline.exposure.queries import ways_shown
from openhotline.law.models import Facts, Outcome
from openhotline.law.queries import rules
from openhotline.law.services.derive import derive


@dataclass(frozen=True)
class Assessed:
    """What followed: a provisional decision, or the further opinion that is now asked for."""

    assessment: Assessment
    decision: Decision | None
    asks: Opinion | None


def assess_item(
    *, turn_id: int, facts: Facts, idempotency: str, actor: Person, now: datetime, heavy: bool = False, note: str = ""
) -> Assessed:
    """Record facts and let the law say what follows. Raises NotAllowed, TurnMissing, TurnOver or NotSeen.

    What can be shown is decided by who was shown it, whichever door they come by (`check_seen`).
    The same idempotency key returns what the first call did. A first opinion for which a rule of second opinions holds
    asks for a blind second; a disagreement (kind or letter) asks a third person, whose facts hold. A review makes a
    provisional correction. A golden opinion decides nothing. ``heavy``: whoever is given the item after this person has
    said yes to what is hard to look at. ``note``: for who settles or reviews; NotNow over 1,000 characters. Facts that
    say a real child's picture was altered raise a flag at once.
    """
    check_can_assess(actor, now)
    noted = check_note(note)
    with transaction.atomic():
        turn = Turn.objects.select_for_update(of=("self",)).select_related("item").filter(pk=turn_id).first()
        before = Assessment.objects.filter(idempotency=idempotency, person=actor.public_id).first()
        if before is not None:
            return Assessed(before, Decision.objects.filter(item=before.item).last(), None)
        turn = check_holds(turn, actor.public_id, now)
        if have_tiles([turn.item_id]):
            check_seen(facts, ways_shown(actor.public_id, turn.item.public_id))
        assessment = Assessment.objects.create(
            item=turn.item,
            person=actor.public_id,
            opinion=turn.opinion,
            facts=facts.to_dict(),
            note=noted or None,
            idempotency=idempotency,
            made_at=now,
        )
        turn.state, turn.locked_until, turn.heavy = TurnState.DONE, None, turn.heavy or heavy
        turn.save(update_fields=["state", "locked_until", "heavy"])
        if raises_flag(facts) and turn.opinion != Opinion.GOLDEN:
            flag = VictimFlag.objects.create(assessment=assessment, raised_at=now)
            publish(VictimFlagged(ids=(flag.pk,)), now=now)
        decision, asks = _resolve(turn, facts, now)
        record(
            actor=actor.public_id,
            action="item_assessed",
            subject=turn.item.public_id,
            detail={"opinion": turn.opinion, "decided": decision is not None},
            now=now,
        )
    return Assessed(assessment, decision, asks)


def _resolve(turn: Turn, facts: Facts, now: datetime) -> tuple[Decision | None, Opinion | None]:
    outcome = _outcome(facts, now)
    match Opinion(turn.opinion):
        case Opinion.FIRST:
            return _first(turn, facts, outcome, now)
        case Opinion.SECOND:
            return _second(turn, outcome, now)
        case Opinion.THIRD | Opinion.REVIEW as settles:
            alike, disagreed = _alike(turn, outcome, now), settles == Opinion.THIRD
            return _decide(turn, facts, consensus=alike, disagreed=disagreed, now=now), None
        case Opinion.GOLDEN:
            return None, None


def _first(turn: Turn, facts: Facts, outcome: Outcome, now: datetime) -> tuple[Decision | None, Opinion | None]:
    rule = second_asked_by(second_opinion_rules(), facts, outcome, draw("second opinion", turn.item.public_id))
    if rule is None:
        return _decide(turn, facts, consensus=1, disagreed=False, now=now), None
    return None, _ask(turn, Opinion.SECOND, now, because=rule.id)


def _second(turn: Turn, outcome: Outcome, now: datetime) -> tuple[Decision | None, Opinion | None]:
    first = Facts.from_dict(_given(turn, Opinion.FIRST).facts)
    if agree(_outcome(first, now), outcome):
        return _decide(turn, first, consensus=2, disagreed=False, now=now), None
    return None, _ask(turn, Opinion.THIRD, now, because="disagreement")


def _alike(turn: Turn, outcome: Outcome, now: datetime) -> int:
    before = ONE_AN_ITEM if turn.opinion == Opinion.REVIEW else BLIND
    earlier = Assessment.objects.filter(item=turn.item, undone_at=None, opinion__in=before)
    return 1 + sum(agree(_outcome(Facts.from_dict(one.facts), now), outcome) for one in earlier)


def _given(turn: Turn, opinion: Opinion) -> Assessment:
    return Assessment.objects.get(item=turn.item, opinion=opinion, undone_at=None)


def _outcome(facts: Facts, now: datetime) -> Outcome:
    book, place = rules(), settings.JURISDICTION
    return derive(facts, jurisdiction=place, as_of=book.day_of(now, place), rules=book)


def _ask(turn: Turn, opinion: Opinion, now: datetime, *, because: str) -> Opinion:
    Turn.objects.create(
        item=turn.item, opinion=opinion, points=turn.points, queued_at=now, because=because, heavy=turn.heavy
    )
    return opinion


def _decide(turn: Turn, facts: Facts, *, consensus: int, disagreed: bool, now: datetime) -> Decision:
    return Decision.objects.create(
        item=turn.item,
        facts=facts.to_dict(),
        consensus=consensus,
        disagreed=disagreed,
        made_at=now,
        publish_after=now + timedelta(seconds=settings.UNDO_SECONDS),
    )
