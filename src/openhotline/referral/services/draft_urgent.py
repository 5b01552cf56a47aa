"""A flag for victim identification was raised: words for the police lie ready at once, and a person sends them."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from openhotline.assessment.models import VictimFlag
from openhotline.audit.services.record import record
from openhotline.evidence.models import Sighting
from openhotline.referral.models import UrgentDraft

MOST_PLACES = 5


def draft_urgent(*, flags: Sequence[int], actor: str, now: datetime) -> list[UrgentDraft]:
    """Draft an urgent referral for each flag (keys, at most 500) that still stands; return what is new.

    The words say what was assessed, of which item, where it was seen, and what nobody determined. Nothing is sent, and
    nothing waits for a decision: the first opinion is enough. A second delivery drafts nothing more.
    """
    with transaction.atomic():
        rows = VictimFlag.objects.select_related("assessment__item").filter(pk__in=flags, ended_at=None)
        rows = rows.defer("assessment__item__provenance", "assessment__item__provenance_sealed")
        fresh = list(rows.filter(urgent_draft=None).select_for_update(of=("self",)).order_by("pk"))
        drafts = [_draft(flag, now) for flag in fresh]
        UrgentDraft.objects.bulk_create(drafts)
        if drafts:
            names = [one.public_id for one in drafts]
            record(actor=actor, action="urgent_referrals_drafted", subject="flags", ids=names, now=now)
    return drafts


def _draft(flag: VictimFlag, now: datetime) -> UrgentDraft:
    item = flag.assessment.item
    seen = Sighting.objects.filter(item=item).select_related("address", "report").order_by("-seen_at", "-pk")
    reports = [one.report.public_id for one in seen[:MOST_PLACES] if one.report]
    places = [one.address.canonical for one in seen[:MOST_PLACES] if one.address]
    real = flag.assessment.facts.get("real_child", "not_determined")
    lines = [
        "First: a real child may need help. An analyst assessed a picture as a real picture altered by AI.",
        f"A real child: {real.replace('_', ' ')}. Not determined never means no.",
        f"The opinion was given {flag.raised_at:%d %B %Y, %H:%M} UTC. It is one person's; nothing is decided yet.",
        f"The item: {item.public_id}.",
        *(f"Seen at: {place}" for place in dict.fromkeys(places)),
    ]
    return UrgentDraft(flag=flag, report=reports[0] if reports else "", words="\n".join(lines), drafted_at=now)
