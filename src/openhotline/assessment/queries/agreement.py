"""How far first and second opinions agree, question by question and month by month; of nobody alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise

from django.conf import settings
from django.db.models import QuerySet

from openhotline.assessment.models import Assessment
from openhotline.assessment.models.agreement import Agreement, agreement
from openhotline.assessment.states import Opinion
from openhotline.law.models import Facts
from openhotline.law.queries import rules
from openhotline.law.services.derive import derive
from openhotline.law.states import FACTS

MOST_PAIRS = 2_000
MOST_A_MONTH = 500
MONTHS = 6
LAW = "outcome"
Pair = tuple[Mapping[str, str], Mapping[str, str]]


@dataclass(frozen=True)
class Agreements:
    """Agreement on what follows and on each question, of the newest pairs; on what follows by month, oldest first."""

    outcome: Agreement | None
    questions: Mapping[str, Agreement]
    months: tuple[tuple[date, Agreement], ...]


def agreements(now: datetime) -> Agreements:
    """Measure the newest pairs of live first and second opinions.

    The third is given with both in sight and is left out. So is a question of a pair that neither of them answered:
    agreeing on not having looked is no agreement.
    """
    pairs = _pairs(Assessment.objects.filter(opinion=Opinion.SECOND, undone_at=None), MOST_PAIRS)
    law = _Law(now)
    questions = {name: agreement(_answered(pairs, name), order=[str(one) for one in FACTS[name]]) for name in FACTS}
    return Agreements(
        outcome=agreement(law.of(pairs)),
        questions={name: found for name, found in questions.items() if found},
        months=tuple((month, found) for month, found in _by_month(now, law) if found),
    )


def _pairs(seconds: QuerySet[Assessment], most: int) -> list[Pair]:
    # An opinion whose facts ended says nothing any more.
    second = dict(seconds.exclude(facts={}).order_by("-made_at").values_list("item_id", "facts")[:most])
    first = Assessment.objects.filter(item_id__in=second, opinion=Opinion.FIRST, undone_at=None)
    return [(facts, second[item]) for item, facts in first.values_list("item_id", "facts")]


def _answered(pairs: Iterable[Pair], name: str) -> list[tuple[str, str]]:
    open_ = "not_determined"
    both = ((one.get(name, open_), other.get(name, open_)) for one, other in pairs)
    return [pair for pair in both if pair != (open_, open_)]


def _by_month(now: datetime, law: "_Law") -> Iterable[tuple[date, Agreement | None]]:
    begin = [_months_before(now, back) for back in reversed(range(-1, MONTHS))]
    for first, after in pairwise(begin):
        seconds = Assessment.objects.filter(
            opinion=Opinion.SECOND, undone_at=None, made_at__gte=first, made_at__lt=after
        )
        yield first.date(), agreement(law.of(_pairs(seconds, MOST_A_MONTH)))


def _months_before(now: datetime, back: int) -> datetime:
    year, month = divmod(now.year * 12 + now.month - 1 - back, 12)
    return datetime(year, month + 1, 1, tzinfo=UTC)


class _Law:
    """What the law says of facts here and now: derived once for facts that are the same."""

    def __init__(self, now: datetime) -> None:
        self.rules, self.place = rules(), settings.JURISDICTION
        self.day = self.rules.day_of(now, self.place)
        self.known: dict[frozenset[tuple[str, str]], str] = {}

    def of(self, pairs: Iterable[Pair]) -> list[tuple[str, str]]:
        return [(self._says(one), self._says(other)) for one, other in pairs]

    def _says(self, facts: Mapping[str, str]) -> str:
        key = frozenset(facts.items())
        if key not in self.known:
            found = derive(Facts.from_dict(dict(facts)), jurisdiction=self.place, as_of=self.day, rules=self.rules)
            self.known[key] = f"{found.kind} {found.category or ''}".strip()
        return self.known[key]
