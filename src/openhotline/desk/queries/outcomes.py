"""What came of a person's work, and what leads a hotline needs to see: of nobody alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet, Sum

from openhotline.assessment.models import Assessment, Decided, Turn
from openhotline.assessment.models import Decision as DecisionRow
from openhotline.assessment.states import ONE_AN_ITEM, DecisionState, TurnState
from openhotline.evidence.models import Sighting
from openhotline.exposure.queries import seconds_a_picture
from openhotline.hashlists.models import Entry, EntryMet, Feedback
from openhotline.hashlists.policies import met_in_words
from openhotline.hashlists.states import EntryState, FeedbackVerdict
from openhotline.intake.queries import reports_waiting
from openhotline.referral.models import ReferredItem
from openhotline.referral.queries import answers_about
from openhotline.referral.states import CameOfAnswer, ReferralState
from openhotline.removal.models import Removal
from openhotline.removal.states import RemovalState
from openhotline.triage.queries import stacks_wait_since, waiting_stacks

DAYS = 90
WEEKS = 8
MOST = 1000
HANDED = (ReferralState.HANDED_OVER, ReferralState.RECEIVED)


@dataclass(frozen=True)
class CameOf:
    """What came of the items on which a person gave an opinion in the last 90 days."""

    items: int
    decided: int
    listed: int
    met: str
    stopped: int
    gone: int
    handed_over: int
    acknowledged: int
    answered: int
    otherwise: int


def came_of(person: str, now: datetime) -> CameOf:
    """Count what a person's work led to; items, and addresses for ``gone``. Their colleagues' part is in it too.

    ``met``: how often members that stop uploads met the listed ones, in words that tell of no single picture: a match
    is what they stop uploads by; whether each was stopped, they know. ``stopped``: of the listed, those that at least
    one member says it has met and confirmed. By whom is left out, and of ``met`` kept nowhere.
    ``acknowledged``: of those handed over, the ones whose package the police said that they have. ``answered``: those
    about which the police said that it is wrong or that they found something else, of a package or to urgent words;
    ``otherwise``: of these, those then decided otherwise.
    """
    given = Assessment.objects.filter(
        person=person, undone_at=None, opinion__in=ONE_AN_ITEM, made_at__gte=now - timedelta(days=DAYS)
    )
    decided = Decided.objects.filter(decision__item__in=given.values("item"))
    covered = decided.values("item")
    listed = Entry.objects.filter(item__in=covered, state=EntryState.ACTIVE)
    places = Sighting.objects.filter(item__in=covered, address__isnull=False).values("address")
    handed = ReferredItem.objects.filter(item__in=covered, referral__state__in=HANDED)
    answers = answers_about(covered)
    return CameOf(
        items=given.count(),
        decided=decided.count(),
        listed=listed.count(),
        met=_met(listed, now),
        stopped=_confirmed().filter(entry__item__in=covered).values("entry").distinct().count(),
        gone=Removal.objects.filter(address__in=places, state=RemovalState.GONE).count(),
        handed_over=handed.count(),
        acknowledged=handed.filter(referral__receipt_at__isnull=False).count(),
        answered=len({one.item for one in answers}),
        otherwise=len({one.item for one in answers if one.came == CameOfAnswer.OTHERWISE}),
    )


def _met(listed: QuerySet[Entry], now: datetime) -> str:
    since = (now - timedelta(days=DAYS)).date()
    times = EntryMet.objects.filter(entry__in=listed.values("pk"), day__gt=since).aggregate(all=Sum("times"))["all"]
    return met_in_words(listed.count(), times or 0)


def _confirmed() -> QuerySet[Feedback]:
    return Feedback.objects.filter(verdict=FeedbackVerdict.CONFIRM, entry__state=EntryState.ACTIVE)


@dataclass(frozen=True)
class QueueAge:
    """One queue: how much waits (counted up to 1,000), and since when its oldest."""

    name: str
    waiting: int
    oldest: datetime | None


@dataclass(frozen=True)
class Week:
    """What was decided in the seven days from ``begin`` on."""

    begin: datetime
    decided: int
    disagreed: int
    covered: int
    saved: float


def queue_ages() -> list[QueueAge]:
    """Return the queues of people, the most urgent first."""
    turns = Turn.objects.filter(state=TurnState.WAITING)
    reports = reports_waiting()
    heavy = turns.filter(heavy=True)
    return [
        QueueAge("Reports for a person", reports[:MOST].count(), _first(reports, "received_at")),
        QueueAge("Pictures to assess", turns[:MOST].count(), _first(turns, "queued_at")),
        QueueAge("Among them: hard to look at", heavy[:MOST].count(), _first(heavy, "queued_at")),
        QueueAge("Stacks for a sorting sheet", waiting_stacks(MOST), stacks_wait_since()),
    ]


def _first(rows: object, field: str) -> datetime | None:
    values = rows.order_by(field).values_list(field, flat=True)[:1]  # type: ignore[attr-defined] # any queryset
    return next(iter(values), None)


def weeks_of(now: datetime) -> list[Week]:
    """Return the last eight weeks, oldest first. ``saved``: items that a decision covered, times one full look."""
    each = seconds_a_picture()
    return [_week(now - timedelta(weeks=back), each) for back in range(WEEKS, 0, -1)]


def _week(begin: datetime, each: float) -> Week:
    rows = DecisionRow.objects.filter(made_at__gte=begin, made_at__lt=begin + timedelta(weeks=1))
    rows = rows.filter(state__in=[DecisionState.PUBLISHED, DecisionState.CORRECTED])
    covered = Decided.objects.filter(decision__in=rows.values("pk"), distance__gt=0).count()
    return Week(begin, rows.count(), rows.filter(disagreed=True).count(), covered, covered * each)
