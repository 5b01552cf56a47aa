"""How a person's opinions compare with what was known: for that person alone, afterwards."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from openhotline.assessment.models import Assessment, Decision
from openhotline.assessment.states import DecisionState, Opinion
from openhotline.law.models import Facts, Outcome
from openhotline.law.queries import rules
from openhotline.law.services.derive import derive

MOST = 20


@dataclass(frozen=True)
class Check:
    """One golden opinion: when, what the law says of what was recorded, and of what was known."""

    at: datetime
    mine: Outcome
    known: Outcome

    @property
    def same(self) -> bool:
        """Say whether the same follows: kind and letter."""
        return (self.mine.kind, self.mine.category) == (self.known.kind, self.known.category)


def checks_of(person: str, now: datetime) -> list[Check]:
    """Return a person's newest golden opinions beside what is decided of the same items."""
    rows = Assessment.objects.filter(person=person, opinion=Opinion.GOLDEN, undone_at=None)
    return list(_checks(rows.order_by("-made_at", "-pk")[:MOST], now))


def check_of(assessment: Assessment, now: datetime) -> Check | None:
    """Return one golden opinion beside what is decided; None for an opinion that was none."""
    return next(iter(_checks([assessment], now)), None) if assessment.opinion == Opinion.GOLDEN else None


def _checks(rows: Iterable[Assessment], now: datetime) -> Iterable[Check]:
    given = list(rows)
    known = {
        one.item_id: one.facts
        for one in Decision.objects.filter(item_id__in=[one.item_id for one in given], state=DecisionState.PUBLISHED)
    }
    for one in given:
        if one.item_id in known:
            yield Check(one.made_at, _says(one.facts, now), _says(known[one.item_id], now))


def _says(facts: dict[str, str], now: datetime) -> Outcome:
    book, place = rules(), settings.JURISDICTION
    return derive(Facts.from_dict(facts), jurisdiction=place, as_of=book.day_of(now, place), rules=book)
