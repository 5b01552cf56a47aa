"""Decisions are put in question: by staff, a member's dispute, the police, a complaint. A person decides again."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from openhotline.assessment.models import Decided, Decision, Reassessment, Turn
from openhotline.assessment.policies import check_note
from openhotline.assessment.states import DecisionState, Opinion, ReassessmentState, Source, TurnState
from openhotline.audit.services.record import record

MOST = 500
# A decision that is in question comes before what is decided for the first time: an entry or a notice rests on it.
POINTS = 1_000


def ask_reassessment(
    *, item_ids: Sequence[int], source: Source, actor: str, now: datetime, note: str = ""
) -> list[Reassessment]:
    """Ask for a review of the published decisions that cover these items (at most 500); return what is new.

    A decision that is in question already is left alone, so a second delivery changes nothing. The review is given by
    a senior analyst who has given no opinion on the item. ``note`` is sealed. Raises NotNow when it is too long.
    """
    check_note(note)
    with transaction.atomic():
        covering = Decided.objects.filter(item_id__in=item_ids[:MOST]).values("decision_id")
        decisions = list(
            Decision.objects.select_for_update(of=("self",))
            .select_related("item")
            .filter(pk__in=covering, state=DecisionState.PUBLISHED)
            .exclude(reassessments__state=ReassessmentState.OPEN)
            .order_by("pk")
        )
        asked = Reassessment.objects.bulk_create(
            Reassessment(decision=one, source=source, asked_by=actor, note=note or None, asked_at=now)
            for one in decisions
        )
        for one in decisions:
            _review(one, source, now)
        if asked:
            names = [one.public_id for one in asked]
            record(
                actor=actor,
                action="reassessments_asked",
                subject="decisions",
                ids=names,
                detail={"source": str(source)},
                now=now,
            )
    return asked


def _review(decision: Decision, source: Source, now: datetime) -> None:
    """Give the item one turn of review, anew if it had one before."""
    last = Turn.objects.filter(item=decision.item).order_by("-pk").first()
    Turn.objects.update_or_create(
        item=decision.item,
        opinion=Opinion.REVIEW,
        defaults={
            "state": TurnState.WAITING,
            "person": "",
            "locked_until": None,
            "points": POINTS,
            "because": f"asked by {source}",
            "heavy": last.heavy if last else False,
            "queued_at": now,
        },
    )
