"""Decisions in question, and one's own latest decisions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from openhotline.assessment.models import Assessment, Decision, Outcome, Reassessment, VictimFlag
from openhotline.assessment.states import ONE_AN_ITEM, DecisionState, ReassessmentState
from openhotline.core.errors import NotNow
from openhotline.evidence.models import Sighting

MOST = 20
MOST_BEHIND = 500


@dataclass(frozen=True)
class Mine:
    """One of a person's decided items: the decision, what follows here, and whether it is in question."""

    decision: Decision
    decided_at: datetime
    outcome: Outcome | None
    in_question: bool


def decided_by(person: str, jurisdiction: str) -> list[Mine]:
    """Return the newest published decisions on items that a person gave an opinion on, with no picture."""
    items = Assessment.objects.filter(person=person, undone_at=None, opinion__in=ONE_AN_ITEM)
    newest = list(items.order_by("-made_at", "-pk").values_list("item_id", flat=True)[:MOST])
    rows = Decision.objects.filter(item_id__in=newest, state=DecisionState.PUBLISHED).order_by("-made_at", "-pk")
    decisions = list(rows)
    outcomes = {
        one.decision_id: one
        for one in Outcome.objects.filter(decision__in=decisions, jurisdiction=jurisdiction).defer("trace")
    }
    asked = set(
        Reassessment.objects.filter(decision__in=decisions, state=ReassessmentState.OPEN).values_list(
            "decision_id", flat=True
        )
    )
    return [Mine(one, one.made_at, outcomes.get(one.pk), one.pk in asked) for one in decisions]


def decision_by_id(public_id: str) -> Decision | None:
    """Return a published decision by its outside id."""
    return Decision.objects.filter(public_id=public_id, state=DecisionState.PUBLISHED).first()


def gave_opinion_on(person: str, decision: Decision) -> bool:
    """Say whether a person gave an opinion on which a decision rests."""
    return Assessment.objects.filter(person=person, item=decision.item_id, undone_at=None).exists()


def open_reassessments() -> int:
    """Return how many decisions are in question."""
    return Reassessment.objects.filter(state=ReassessmentState.OPEN).count()


def why_in_question(item_id: int) -> list[Reassessment]:
    """Return the open requests to decide an item again, oldest first."""
    rows = Reassessment.objects.filter(decision__item_id=item_id, state=ReassessmentState.OPEN)
    return list(rows.order_by("asked_at"))


def items_behind(about: str) -> list[int]:
    """Return the items that an outside id (``dec_…`` or ``rep_…``) is about; none for nothing. Raises NotNow."""
    if not about:
        return []
    if about.startswith("rep_"):
        rows = Sighting.objects.filter(report__public_id=about, item__decided__isnull=False)
        found = list(rows.order_by("item_id").values_list("item_id", flat=True).distinct()[:MOST_BEHIND])
    else:
        found = list(
            Decision.objects.filter(public_id=about, state=DecisionState.PUBLISHED).values_list("item_id", flat=True)
        )
    if not found:
        raise NotNow(
            f"{about} is no decision and no report with anything decided. Leave it empty if it is about neither."
        )
    return found


def open_reassessment_on(items: Sequence[int]) -> Reassessment | None:
    """Return the oldest open request to decide again what covers one of these items, or None."""
    rows = Reassessment.objects.filter(decision__covers__item_id__in=items, state=ReassessmentState.OPEN)
    return rows.order_by("pk").first()


def open_flags() -> list[VictimFlag]:
    """Return the flags that nobody has looked after, oldest first."""
    rows = VictimFlag.objects.filter(seen_at=None, ended_at=None).select_related("assessment__item")
    return list(rows.order_by("raised_at", "pk")[:MOST])
