"""The figures of a run. Every one comes out of the database; files found are sightings, items are unique bytes."""

from dataclasses import asdict, dataclass

from django.db.models import Count, Sum

from openhotline.assessment.models import Assessment
from openhotline.assessment.queries import involvement_counts, opinions, outcome_counts
from openhotline.assessment.states import Opinion
from openhotline.core.models import Event
from openhotline.evidence.models import Item
from openhotline.evidence.states import ItemState
from openhotline.exposure.models import View
from openhotline.exposure.states import SECONDS_A_PICTURE
from openhotline.hashlists.models import Entry
from openhotline.hashlists.states import EntryState
from openhotline.referral.models import Referral
from openhotline.referral.states import ReferralState
from openhotline.removal.models import Notice, Removal
from openhotline.removal.states import RemovalState
from openhotline.triage.queries import funnel


@dataclass(frozen=True)
class Figures:
    """What the database says.

    ``found``, ``unreadable``, ``selected``, ``set_aside``, ``outcomes`` and ``ai_involvement`` count files found;
    ``views`` full looks, ``assessed`` opinions, ``checks`` on known answers, which decide nothing; ``notices`` mails
    that went out; ``gone`` addresses;
    ``exposure_saved_s`` is the readable files found at 28 s each, one by one, less ``exposure_s``.
    """

    found: int
    items: int
    unreadable: dict[str, int]
    exact_duplicates: int
    stacks: int
    selected: int
    unsorted: int
    set_aside: dict[str, int]
    views: int
    assessed: int
    checks: int
    second_opinions: int
    disagreements: int
    outcomes: dict[str, int]
    ai_involvement: dict[str, int]
    entries: int
    removals: int
    notices: int
    gone: int
    referrals: int
    exposure_s: float
    exposure_saved_s: float
    not_taken: int

    def to_dict(self) -> dict[str, object]:
        """Return the figures by name."""
        return asdict(self)


def count() -> Figures:
    """Count everything, now."""
    counted, given = funnel(), opinions()
    unreadable = _unreadable()
    seen = float(View.objects.aggregate(all=Sum("seconds"))["all"] or 0.0)
    return Figures(
        found=counted.found,
        items=counted.items,
        unreadable=unreadable,
        exact_duplicates=counted.found - counted.items,
        stacks=counted.stacks,
        selected=sum(counted.selected.values()),
        unsorted=counted.unsorted,
        set_aside=dict(sorted(counted.set_aside.items())),
        views=View.objects.filter(kind=View.REVEAL).count(),
        assessed=given.assessments,
        checks=Assessment.objects.filter(undone_at=None, opinion=Opinion.GOLDEN).count(),
        second_opinions=given.second,
        disagreements=given.disagreements,
        outcomes=outcome_counts(),
        ai_involvement=involvement_counts(),
        entries=Entry.objects.filter(state=EntryState.ACTIVE).count(),
        removals=Removal.objects.count(),
        notices=Notice.objects.filter(sent_at__isnull=False).count(),
        gone=Removal.objects.filter(state=RemovalState.GONE).count(),
        referrals=Referral.objects.filter(state__in=[ReferralState.BUILT, ReferralState.HANDED_OVER]).count(),
        exposure_s=round(seen, 1),
        exposure_saved_s=round((counted.found - sum(unreadable.values())) * SECONDS_A_PICTURE - seen, 1),
        not_taken=Event.objects.filter(delivered_at=None).count(),
    )


def _unreadable() -> dict[str, int]:
    rows = Item.objects.filter(state=ItemState.UNREADABLE).values("unreadable_reason")
    return {
        row["unreadable_reason"]: row["files"]
        for row in rows.annotate(files=Count("sightings")).order_by("unreadable_reason")
    }
