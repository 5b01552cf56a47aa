"""Which triaged items a change of the lists concerns."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import numpy as np

from hashmatch import turned
from openhotline.core.nearby import Nearby, Row, hash_of
from openhotline.evidence.models import Item, VideoFrame
from openhotline.triage.models import Fingerprint, HeldEntry, Match, Selection, StackMember
from openhotline.triage.states import LEAST_QUALITY


def triaged_among(ids: Sequence[int]) -> list[int]:
    """Return those of these items that were triaged before."""
    return list(Selection.objects.filter(item_id__in=ids).order_by("item_id").values_list("item_id", flat=True))


def items_with(lookups: Sequence[str]) -> list[int]:
    """Return the triaged items that are exactly these files, by the keyed hash of SHA-256, SHA-1 or MD5."""
    items = set(Item.objects.filter(lookup__in=lookups, selection__isnull=False).values_list("pk", flat=True))
    return sorted(items | set(Fingerprint.objects.filter(lookup__in=lookups).values_list("item_id", flat=True)))


def items_near(pictures: Sequence[str]) -> list[int]:
    """Return the triaged items within 31 bits of pictures (PDQ in hex), in whichever of the eight positions.

    Of videos, those with a frame that is.
    """
    if not pictures:
        return []
    hashes = turned(np.stack([hash_of(pdq) for pdq in pictures])).reshape(-1, 32)
    members = {member for _, member, _ in ITEMS.search(hashes)}
    frames = {frame for _, frame, _ in FRAMES.search(hashes)}
    moving = Selection.objects.filter(item__video__frames__in=frames)
    found = set(StackMember.objects.filter(pk__in=members).values_list("item_id", flat=True))
    return sorted(found.union(moving.values_list("item_id", flat=True)))


def items_matched_by(held: Sequence[int]) -> list[int]:
    """Return the items that held entries match."""
    found: set[int] = set()
    for row in HeldEntry.objects.filter(pk__in=held):
        found |= set(Match.objects.filter(list_name=row.list_name, entry=row.entry).values_list("item_id", flat=True))
    return sorted(found)


def items_to_review(now: datetime, limit: int) -> list[int]:
    """Return items whose place in the order changes by the clock alone, what is longest due first."""
    due = Selection.objects.filter(review_at__lte=now).order_by("review_at", "pk")
    return list(due.values_list("item_id", flat=True)[:limit])


def _rows(since: int) -> Iterable[Row]:
    rows = StackMember.objects.filter(pk__gt=since, item__pdq__isnull=False, item__quality__gte=LEAST_QUALITY)
    found = rows.values_list("pk", "item__public_id", "item__pdq")
    return ((pk, name, str(pdq)) for pk, name, pdq in found.order_by("pk").iterator())


ITEMS = Nearby(_rows, lambda pk, name: StackMember.objects.filter(pk=pk, item__public_id=name).exists())


def _frame_rows(since: int) -> Iterable[Row]:
    rows = VideoFrame.objects.filter(pk__gt=since, quality__gte=LEAST_QUALITY)
    found = rows.values_list("pk", "video__item__public_id", "pdq")
    return ((pk, name, str(pdq)) for pk, name, pdq in found.order_by("pk").iterator())


FRAMES = Nearby(_frame_rows, lambda pk, name: VideoFrame.objects.filter(pk=pk, video__item__public_id=name).exists())
