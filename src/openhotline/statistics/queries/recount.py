"""The counts of days, anew from the rows of the stages."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Case, CharField, Count, F, Min, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce, TruncDate

from openhotline.assessment.models import Assessment, Decided, Decision, Outcome
from openhotline.assessment.states import DecisionState
from openhotline.evidence.models import Item, Sighting
from openhotline.exposure.models import View
from openhotline.exposure.states import LONGEST_UNENDED
from openhotline.intake.models import Report
from openhotline.referral.models import ReferredItem
from openhotline.referral.states import ReferralState
from openhotline.removal.models import Notice, Removal
from openhotline.statistics.states import SERIES, UNKNOWN

Key = tuple[date, str, str]
"""A day, the name of a series, and the part of it."""

_FACTS = "decision__facts__"


@dataclass(frozen=True)
class _Span:
    """From the beginning of a day to the beginning of another, in UTC."""

    begin: datetime
    end: datetime

    def of(self, moment: str) -> dict[str, datetime]:
        return {f"{moment}__gte": self.begin, f"{moment}__lt": self.end}


def start_of(day: date) -> datetime:
    """Return the first moment of a day, in UTC."""
    return datetime.combine(day, time.min, UTC)


def first_row() -> datetime | None:
    """Return when the first report or file came in: nothing that is counted is older."""
    seen = Sighting.objects.aggregate(first=Min("seen_at"))["first"]
    received = Report.objects.aggregate(first=Min("received_at"))["first"]
    return min((one for one in (seen, received) if one), default=None)


def recount(
    begin: date, end: date, names: Collection[str] = tuple(SERIES), until: datetime | None = None
) -> dict[Key, int]:
    """Return every count of the days from ``begin`` to before ``end``, as the rows stand now; none that is 0.

    ``until``: without what happened after this moment.
    """
    ends = start_of(end)
    span = _Span(start_of(begin), min(ends, until + timedelta.resolution) if until else ends)
    counts: dict[Key, int] = {}
    for name in names:
        for day, part, value in _COUNTED[name](span):
            key = (day, name, "" if part is None else str(part))
            counts[key] = counts.get(key, 0) + round(value)
    return {key: value for key, value in counts.items() if value}


_Rows = Iterator[tuple[date, Any, float]]


def _grouped(rows: QuerySet[Any], moment: str, *, part: Any = None, value: Any = None) -> _Rows:
    """Yield day, part and count of rows that were chosen already."""
    parted = rows.annotate(_day=TruncDate(moment, tzinfo=UTC), _part=Value("", CharField()) if part is None else part)
    yield from parted.values_list("_day", "_part").annotate(_value=value or Count("pk")).order_by()


def _reports(span: _Span) -> _Rows:
    return _grouped(Report.objects.filter(**span.of("received_at")), "received_at", part=F("source"))


def _found(span: _Span) -> _Rows:
    return _grouped(Sighting.objects.filter(**span.of("seen_at")), "seen_at")


def _items(span: _Span) -> _Rows:
    return _grouped(Item.objects.filter(**span.of("sealed_at")), "sealed_at")


def _decided(span: _Span) -> _Rows:
    rows = _outcomes(span).values_list(TruncDate("decision__published_at", tzinfo=UTC), "kind", "category")
    for day, kind, category, items in rows.annotate(items=Count("decision__covers")).order_by():
        yield day, f"{kind} {category}".strip(), items


def _outcomes(span: _Span) -> QuerySet[Outcome]:
    published = {"decision__state": DecisionState.PUBLISHED, **span.of("decision__published_at")}
    return Outcome.objects.filter(jurisdiction=settings.JURISDICTION, **published)


def _involvement(span: _Span) -> _Rows:
    rows = Decided.objects.filter(decision__state=DecisionState.PUBLISHED, **span.of("decision__published_at"))
    return _by_fact(rows, "ai_involvement", Count("pk"))


def _confirmed(fact: str) -> Callable[[_Span], _Rows]:
    return lambda span: _by_fact(_outcomes(span).filter(criminal=True), fact, Count("decision__covers"))


def _by_fact(rows: QuerySet[Any], fact: str, value: Any) -> _Rows:
    days = rows.values_list(TruncDate("decision__published_at", tzinfo=UTC), f"{_FACTS}{fact}")
    for day, part, items in days.annotate(_items=value).order_by():
        yield day, part or UNKNOWN, items


def _opinions(span: _Span) -> _Rows:
    live = Assessment.objects.filter(undone_at=None, **span.of("made_at"))
    return _grouped(live, "made_at", part=F("opinion"))


def _disagreed(span: _Span) -> _Rows:
    published = Decision.objects.filter(state=DecisionState.PUBLISHED, disagreed=True, **span.of("published_at"))
    return _grouped(published, "published_at")


def _removals(span: _Span) -> _Rows:
    return _grouped(Removal.objects.filter(**span.of("opened_at")), "opened_at")


def _notices(span: _Span) -> _Rows:
    return _grouped(Notice.objects.filter(**span.of("sent_at")), "sent_at")


def _noticed(span: _Span) -> _Rows:
    country = Coalesce(F("hosting__country"), Value(""))
    rows = Removal.objects.filter(**span.of("first_noticed_at"))
    for day, part, addresses in _grouped(rows, "first_noticed_at", part=country):
        yield day, part or UNKNOWN, addresses


WITHIN = (("1_day", timedelta(days=1)), ("3_days", timedelta(days=3)), ("7_days", timedelta(days=7)))


def _gone(span: _Span) -> _Rows:
    within = [When(gone_at__lte=F("first_noticed_at") + Value(most), then=Value(words)) for words, most in WITHIN]
    took = Case(
        When(first_noticed_at=None, then=Value("without_notice")),
        *within,
        default=Value("longer"),
        output_field=CharField(),
    )
    return _grouped(Removal.objects.filter(**span.of("gone_at")), "gone_at", part=took)


def _referred(span: _Span) -> _Rows:
    built = ReferredItem.objects.exclude(referral__state=ReferralState.DRAFTED)
    return _grouped(built.filter(**span.of("referral__built_at")), "referral__built_at")


def _shown(span: _Span) -> QuerySet[View]:
    return View.objects.filter(shown_at__isnull=False, **span.of("granted_at"))


def _looks(span: _Span) -> _Rows:
    return _grouped(_shown(span), "granted_at", part=F("kind"), value=Sum("pictures"))


def _seconds(span: _Span) -> _Rows:
    whose = Case(When(Q(simulated=True), then=Value("simulated")), default=Value("people"), output_field=CharField())
    lasted = Sum(Coalesce(F("seconds"), Value(float(LONGEST_UNENDED))))
    return _grouped(_shown(span), "granted_at", part=whose, value=lasted)


_COUNTED: dict[str, Callable[[_Span], _Rows]] = {
    "reports": _reports,
    "found": _found,
    "items": _items,
    "decided": _decided,
    "involvement": _involvement,
    "confirmed": _confirmed("ai_involvement"),
    "commercial": _confirmed("commercial"),
    "opinions": _opinions,
    "disagreed": _disagreed,
    "removals": _removals,
    "notices": _notices,
    "noticed": _noticed,
    "gone": _gone,
    "referred": _referred,
    "looks": _looks,
    "seconds": _seconds,
}
