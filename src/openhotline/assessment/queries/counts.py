"""Counts of assessment, in files found unless the name says otherwise."""

from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count

from openhotline.assessment.models import Assessment, Decision, Outcome
from openhotline.assessment.states import DecisionState, Opinion


def assessed_among(person: str, items: Collection[str]) -> set[str]:
    """Return which of these items (outside ids) a person has given an opinion on, also one that was undone."""
    rows = Assessment.objects.filter(person=person, item__public_id__in=items)
    return set(rows.values_list("item__public_id", flat=True))


def outcome_counts() -> dict[str, int]:
    """Return files found by outcome in the hotline's own jurisdiction, e.g. ``pseudo_photograph A``."""
    rows = (
        Outcome.objects.filter(jurisdiction=settings.JURISDICTION)
        .values("kind", "category")
        .annotate(files=Count("decision__covers__item__sightings"))
        .order_by("kind", "category")
    )
    return {f"{row['kind']} {row['category']}".strip(): row["files"] for row in rows}


def involvement_counts() -> dict[str, int]:
    """Return files found by AI involvement as assessed; the kinds are never merged."""
    counts: dict[str, int] = {}
    rows = Decision.objects.filter(state=DecisionState.PUBLISHED).annotate(files=Count("covers__item__sightings"))
    for involvement, files in rows.values_list("facts__ai_involvement", "files"):
        counts[involvement] = counts.get(involvement, 0) + files
    return dict(sorted(counts.items()))


@dataclass(frozen=True)
class Opinions:
    """How many were given, and how many decisions needed a third because two differed."""

    assessments: int
    second: int
    third: int
    decisions: int
    disagreements: int


def opinions() -> Opinions:
    """Count live assessments and published decisions."""
    live = Assessment.objects.filter(undone_at=None).exclude(opinion=Opinion.GOLDEN)
    published = Decision.objects.filter(state=DecisionState.PUBLISHED)
    return Opinions(
        assessments=live.count(),
        second=live.filter(opinion=Opinion.SECOND).count(),
        third=live.filter(opinion=Opinion.THIRD).count(),
        decisions=published.count(),
        disagreements=published.filter(disagreed=True).count(),
    )
