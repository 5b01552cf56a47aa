"""What became of the files that were found in a period, as it stood at a moment."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery

from openhotline.assessment.models import Outcome, OutcomeChange
from openhotline.assessment.states import DecisionState
from openhotline.evidence.models import Sighting
from openhotline.statistics.models.period import Period
from openhotline.statistics.states import UNKNOWN
from openhotline.triage.states import SelectionState

FACTS = ("ai_involvement", "looks_like_photograph", "commercial", "site_ai")
_SEEN = "decision__covers__item__sightings__seen_at"


@dataclass(frozen=True)
class Cell:
    """Files found that were decided alike: what follows here, and the facts that a report tells of them."""

    kind: str
    category: str
    criminal: bool | None
    facts: tuple[str, ...]

    def fact(self, name: str) -> str:
        """Return one of ``FACTS``."""
        return self.facts[FACTS.index(name)]


def found_in(period: Period, at: datetime) -> QuerySet[Sighting]:
    """Return the files found in a period, up to a moment."""
    return Sighting.objects.filter(seen_at__gte=period.starts, seen_at__lt=period.ends, seen_at__lte=at)


def selections(period: Period, at: datetime) -> Counter[tuple[str, str]]:
    """Return the files found by selection and its reason. What triage has not come to is ``unsorted``."""
    rows = found_in(period, at).values_list("item__selection__state", "item__selection__reason")
    counts: Counter[tuple[str, str]] = Counter()
    for state, reason, files in rows.annotate(files=Count("pk")).order_by():
        counts[state or SelectionState.UNSORTED, reason or ""] += files
    return counts


def decided_cells(period: Period, at: datetime) -> Counter[Cell]:
    """Return the files found by how they were decided, with the outcomes as they stood at that moment.

    A change of the law since then is taken back by what the change recorded.
    """
    asked = {
        "jurisdiction": settings.JURISDICTION,
        "decision__state": DecisionState.PUBLISHED,
        "decision__published_at__lte": at,
        f"{_SEEN}__gte": period.starts,
        f"{_SEEN}__lt": period.ends,
        f"{_SEEN}__lte": at,
    }
    later = OutcomeChange.objects.filter(changed_at__gt=at, jurisdiction=settings.JURISDICTION)
    first = later.filter(decision=OuterRef("decision")).order_by("changed_at", "pk").values("pk")[:1]
    as_they_are = Outcome.objects.filter(**asked).exclude(decision__in=later.values("decision"))
    as_they_were = OutcomeChange.objects.filter(pk=Subquery(first), **asked).exclude(kind_before="")
    cells: Counter[Cell] = Counter()
    for names, rows in (
        (("kind", "category", "criminal"), as_they_are),
        (("kind_before", "category_before", "criminal_before"), as_they_were),
    ):
        cells.update(dict(_cells(rows, names)))
    return cells


def _cells(rows: QuerySet[Any], names: tuple[str, ...]) -> Iterator[tuple[Cell, int]]:
    facts = (f"decision__facts__{name}" for name in FACTS)
    grouped = rows.values_list(*names, *facts).annotate(files=Count("decision__covers__item__sightings"))
    merged: Counter[Cell] = Counter()
    for kind, category, criminal, *said, files in grouped.order_by():
        # A fact without an answer was not determined: it never counts with another answer.
        merged[Cell(kind, category, criminal, tuple(one or UNKNOWN for one in said))] += files
    yield from merged.items()


def waiting_of_selected(period: Period, at: datetime) -> int:
    """Return how many files were selected and not decided yet."""
    chosen = found_in(period, at).filter(item__selection__state=SelectionState.SELECTED)
    undecided = Q(item__decided=None) | Q(item__decided__decision__published_at__gt=at)
    return chosen.filter(undecided).count()


def first_found() -> datetime | None:
    """Return when the first file was seen."""
    first: datetime | None = Sighting.objects.aggregate(first=Min("seen_at"))["first"]
    return first
