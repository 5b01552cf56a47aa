"""What is due by the retention table and waits for people: counts, and the names of what is due first."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from openhotline.accounts.models import Contact
from openhotline.assessment.models import Decision
from openhotline.evidence.models import Item
from openhotline.evidence.queries import reports_of_items
from openhotline.exposure.models import Alert
from openhotline.intake.models import Address, Partner, Report
from openhotline.referral.models import Referral
from openhotline.retention.models import RecordClass
from openhotline.retention.states import End
from openhotline.triage.states import SelectionState

MOST_NAMED = 20

_Rows = QuerySet[Any]


def _evidence(before: datetime) -> _Rows:
    aside = Q(selection__state=SelectionState.SET_ASIDE, selection__at__lt=before)
    return Item.objects.filter(aside | Q(decided__decision__published_at__lt=before)).order_by("sealed_at")


# Classes that people end, and how what is due of them is found. `GOES_WITH` says of the others where they go.
COUNTED: dict[str, Callable[[datetime], _Rows]] = {
    "evidence": _evidence,
    "reports": lambda before: Report.objects.filter(received_at__lt=before).order_by("received_at"),
    "addresses": lambda before: (
        Address.objects.exclude(sightings__seen_at__gte=before)
        .exclude(captures__started_at__gte=before)
        .filter(first_seen_at__lt=before)
        .order_by("first_seen_at")
    ),
    "assessments": lambda before: Decision.objects.filter(published_at__lt=before).order_by("published_at"),
    "alerts": lambda before: Alert.objects.filter(seen_at__lt=before).order_by("seen_at"),
    "directory": lambda before: Contact.objects.filter(retired_at__lt=before).order_by("retired_at"),
    "partners": lambda before: Partner.objects.filter(ended_at__lt=before).order_by("ended_at"),
    "referrals": lambda before: Referral.objects.filter(built_at__lt=before).order_by("built_at"),
}
GOES_WITH = {
    "sorting": "goes with the item",
    "people": "the day somebody left is known to a person, not to a table",
    "permissions": "goes with what it permitted",
}


@dataclass(frozen=True)
class Due:
    """What is due of one class: how many, how many of them are held, and the names of the first that are not."""

    name: str
    end: End
    counted_from: str
    due: int
    held: int
    first: tuple[str, ...]


def due_for_people(classes: Collection[RecordClass], held: Collection[str], now: datetime) -> list[Due]:
    """Return what people have to decide on now, by class. Reports that led to a held item count as held."""
    kept = {*held, *reports_of_items(held)}
    return [
        _due(one, COUNTED[one.name](before).distinct(), kept)
        for one in classes
        if one.end in {End.A_PERSON, End.TWO_PEOPLE} and one.name in COUNTED and (before := one.before(now))
    ]


def _due(one: RecordClass, rows: _Rows, kept: Collection[str]) -> Due:
    free = rows.exclude(public_id__in=kept)
    total = rows.count()
    names = tuple(free.values_list("public_id", flat=True)[:MOST_NAMED])
    return Due(one.name, one.end, one.counted_from, total, total - free.count(), names)
