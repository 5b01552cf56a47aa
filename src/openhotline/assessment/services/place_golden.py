"""A few items whose answer is known come into the queue again, for somebody who has not seen them."""

from datetime import datetime, timedelta
from statistics import median_low

from django.db import transaction
from django.db.models import Exists, OuterRef

from openhotline.assessment.models import Assessment, Decision, Reassessment, Turn
from openhotline.assessment.policies import golden_wanted
from openhotline.assessment.states import BLIND, GOLDEN_DAYS, DecisionState, Opinion, TurnState
from openhotline.audit.services.record import record
from openhotline.core.crypto import draw

LOOK_AT = 200


def place_golden(*, actor: str, now: datetime) -> int:
    """Ask for golden opinions, one for each hundred opinions of the last week; return how many were asked for.

    Only items on which two people agreed blind, never what is heavy, in question, or decided within the last day.
    """
    since = now - timedelta(days=GOLDEN_DAYS)
    with transaction.atomic():
        given = Assessment.objects.filter(made_at__gte=since, opinion__in=BLIND, undone_at=None).count()
        placed = Turn.objects.filter(opinion=Opinion.GOLDEN, queued_at__gte=since).count()
        wanted = golden_wanted(given=given, placed=placed)
        if not wanted:
            return 0
        items = _known(now)[:wanted]
        points = _points()
        Turn.objects.bulk_create(
            Turn(item_id=item, opinion=Opinion.GOLDEN, points=points, queued_at=now, because="golden") for item in items
        )
        if items:
            names = [str(item) for item in items]
            record(actor=actor, action="golden_placed", subject="turns", ids=names, now=now)
    return len(items)


def _known(now: datetime) -> list[int]:
    """Items that may be asked again, in an order that nobody at the desk can foresee."""
    turns = Turn.objects.filter(item=OuterRef("item"))
    rows = (
        Decision.objects.filter(
            state=DecisionState.PUBLISHED, consensus__gte=2, disagreed=False, made_at__lt=now - timedelta(days=1)
        )
        .exclude(Exists(turns.filter(opinion__in=[Opinion.GOLDEN, Opinion.REVIEW])))
        .exclude(Exists(turns.filter(heavy=True)))
        .exclude(Exists(Reassessment.objects.filter(decision=OuterRef("pk"))))
        .order_by("-pk")
        .values_list("item_id", "item__public_id")[:LOOK_AT]
    )
    return [item for item, name in sorted(rows, key=lambda row: draw("golden", row[1]))]


def _points() -> int:
    """Where a golden item stands in the queue: among what is there, neither first nor last."""
    waiting = Turn.objects.filter(state=TurnState.WAITING).order_by("-points", "pk").values_list("points", flat=True)
    found = list(waiting[:50])
    return median_low(found) if found else 0
