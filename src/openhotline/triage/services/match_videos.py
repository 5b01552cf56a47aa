"""Videos are compared with the hash list frame by frame."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.evidence.models import Video
from openhotline.triage.models import VideoMatch
from openhotline.triage.queries.videos import shares_of, usable_frames


def match_videos(*, ids: Sequence[int], actor: str, now: datetime) -> int:
    """Keep which entries share frames with those of these items that are videos; return how many matches are new.

    A match says nothing of what is decided: a video waits for a person like any other item, and no decision spreads
    by its frames.
    """
    items = list(Video.objects.filter(item__in=ids).order_by("item").values_list("item_id", "item__public_id"))
    if not items:
        return 0
    frames = usable_frames(item for item, _ in items)
    rows = [
        VideoMatch(
            item_id=item,
            entry=one.entry,
            frames=one.frames,
            of_frames=one.of_frames,
            entry_frames=one.entry_frames,
            of_entry_frames=one.of_entry_frames,
            distance=one.distance,
            found_at=now,
        )
        for item, _ in items
        for one in shares_of(item, frames.get(item, []))
    ]
    with transaction.atomic():
        known = set(VideoMatch.objects.filter(item__in=[item for item, _ in items]).values_list("item_id", "entry"))
        new = [row for row in rows if (row.item_id, row.entry) not in known]
        VideoMatch.objects.bulk_create(new, ignore_conflicts=True)
        if new:
            named = dict(items)
            matched = sorted({named[row.item_id] for row in new})
            record(
                actor=actor, action="videos_matched", subject="items", ids=matched, now=now, detail={"found": len(new)}
            )
    return len(new)
