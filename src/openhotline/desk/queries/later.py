"""What the desk shows of lists, removals and referrals."""

from collections.abc import Sequence

from django.db.models import Count, QuerySet
from django.urls import reverse

from openhotline.assessment.models import Decided
from openhotline.hashlists.models import Entry, Release
from openhotline.hashlists.states import EntryState
from openhotline.referral.models import Referral, ReferredItem
from openhotline.referral.queries import for_police
from openhotline.removal.models import Removal
from openhotline.removal.states import RemovalState

MOST = 50
PACKAGE = 100
STATE_WORDS = {
    RemovalState.OPENED: "Looking for the host",
    RemovalState.HELD: "Held for police",
    RemovalState.HOST_UNKNOWN: "No contact known",
    RemovalState.CONTACT_WAITS: "Contact waits for a person",
    RemovalState.NOTICE_DUE: "Notice due",
    RemovalState.NOTICED: "Noticed",
    RemovalState.ABROAD: "Handed abroad",
    RemovalState.GONE: "Gone",
    RemovalState.STOPPED: "Stopped by a person",
}
TAGS = {
    RemovalState.GONE: "done",
    RemovalState.NOTICED: "now",
    RemovalState.HOST_UNKNOWN: "wrong",
}


def removal_counts() -> list[list[object]]:
    """Return how many addresses stand in each state, none left out."""
    counted = dict(Removal.objects.values_list("state").annotate(Count("pk")).order_by())
    return [[words, counted.get(state, 0)] for state, words in STATE_WORDS.items()]


def removal_lines() -> list[list[object]]:
    """Return the newest removals by provider and country, without their addresses."""
    rows = (
        Removal.objects.select_related("hosting", "address")
        .defer("address__raw", "address__canonical")
        .order_by("-opened_at", "-pk")[:MOST]
    )
    return [
        [
            {"text": row.address.public_id, "href": reverse("desk_removal", args=[row.address.public_id])},
            {"text": STATE_WORDS[RemovalState(row.state)], "tag": TAGS.get(RemovalState(row.state), "waiting")},
            f"{row.hosting.provider} {row.hosting.country}".strip() if row.hosting else "Not known",
            row.misses,
            row.sentence or "",
        ]
        for row in rows
    ]


def entry_counts() -> dict[str, int]:
    """Return how many entries are active and withdrawn, and how many of exploitative lists stand apart from these."""
    counted = dict(Entry.objects.filter(given_by=None).values_list("state").annotate(Count("pk")).order_by())
    given = Entry.objects.filter(given_by__isnull=False, state=EntryState.ACTIVE).count()
    return {**{state.value: counted.get(state, 0) for state in EntryState}, "exploitative": given}


def releases() -> list[Release]:
    """Return the newest releases of the list."""
    return list(Release.objects.order_by("-version")[:MOST])


def referrals() -> list[Referral]:
    """Return the newest referrals, each with how many items it has (``item_count``)."""
    return list(Referral.objects.annotate(item_count=Count("items")).order_by("-drafted_at", "-pk")[:MOST])


def to_refer(jurisdiction: str, most: int = PACKAGE) -> Sequence[int]:
    """Return up to ``most`` items for the police that no referral holds yet, oldest decision first."""
    return list(_waiting(jurisdiction).order_by("pk").values_list("item_id", flat=True)[:most])


def waiting_to_refer(jurisdiction: str) -> int:
    """Return how many items for the police no referral holds yet."""
    return _waiting(jurisdiction).count()


def _waiting(jurisdiction: str) -> QuerySet[Decided]:
    return for_police(jurisdiction).exclude(item__in=ReferredItem.objects.values("item_id"))
