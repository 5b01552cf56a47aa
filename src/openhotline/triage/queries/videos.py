"""Which entries share frames with a video, and how large the share is."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from openhotline.core.nearby import Nearby, Row, hash_of
from openhotline.evidence.models import VideoFrame
from openhotline.hashlists.models import Entry
from openhotline.hashlists.queries import near_entries
from openhotline.hashlists.states import EntryState
from openhotline.triage.models import Stack, VideoMatch
from openhotline.triage.states import LEAST_QUALITY

LEAST_SHARE = 0.25
"""Of the frames of either, that have to look like one of the other's."""
LEAST_FRAMES = 2
"""Frames that have to be alike besides, so that a picture that many videos begin with matches none."""
PLACES = 64
"""More frames than a video has: a frame's key in the index is its entry's, times this, and its place."""


@dataclass(frozen=True)
class Share:
    """How many frames of a video and of an entry are alike, each of how many; bits between the nearest two."""

    entry: str
    frames: int
    of_frames: int
    entry_frames: int
    of_entry_frames: int
    distance: int

    @property
    def share(self) -> float:
        """Return the larger of the two shares: a video may be a part of the entry, and the entry a part of it."""
        return max(self.frames / self.of_frames, self.entry_frames / self.of_entry_frames)


def shares_of(item_id: int, pdqs: Sequence[str]) -> list[Share]:
    """Return the active entries that share enough with a video's frames (PDQ in hex), the largest share first.

    An entry that is a picture is shared by one frame that looks like it. The item's own entry is left out.
    """
    if not pdqs:
        return []
    found = [*_of_videos(item_id, pdqs), *_of_pictures(pdqs)]
    return sorted(found, key=lambda one: (-one.share, one.distance, one.entry))


def usable_frames(item_ids: Iterable[int]) -> dict[int, list[str]]:
    """Return the PDQs of the frames of videos that say enough to be compared, by item, in the order of time."""
    rows = VideoFrame.objects.filter(video__item__in=item_ids, quality__gte=LEAST_QUALITY)
    found: dict[int, list[str]] = defaultdict(list)
    for item, pdq in rows.order_by("video__item", "at_ms").values_list("video__item_id", "pdq"):
        found[item].append(str(pdq))
    return found


def matches_of(item_id: int) -> list[VideoMatch]:
    """Return what is kept of a video's shares, the most frames first."""
    return list(VideoMatch.objects.filter(item=item_id).order_by("-frames", "distance", "entry"))


def matches_in(stack: Stack) -> list[VideoMatch]:
    """Return what is kept of the shares of a stack's videos, each with its item, the most frames first."""
    rows = VideoMatch.objects.filter(item__stacked__stack=stack).select_related("item")
    return list(rows.order_by("-frames", "distance", "entry", "item"))


def _of_videos(item_id: int, pdqs: Sequence[str]) -> list[Share]:
    ours: dict[int, set[int]] = defaultdict(set)
    theirs: dict[int, set[int]] = defaultdict(set)
    nearest: dict[int, int] = {}
    for place, key, distance in LISTED.search(np.stack([hash_of(pdq) for pdq in pdqs])):
        entry, frame = divmod(key, PLACES)
        ours[entry].add(place)
        theirs[entry].add(frame)
        nearest[entry] = min(distance, nearest.get(entry, distance))
    rows = Entry.objects.filter(pk__in=ours, state=EntryState.ACTIVE).exclude(item=item_id)
    names = {pk: (name, item) for pk, name, item in rows.values_list("pk", "public_id", "item_id")}
    counts = usable_frames(item for _, item in names.values())
    shares = [
        Share(name, len(ours[pk]), len(pdqs), len(theirs[pk]), len(counts[item]), nearest[pk])
        for pk, (name, item) in names.items()
    ]
    return [one for one in shares if one.share >= LEAST_SHARE and min(one.frames, one.entry_frames) >= LEAST_FRAMES]


def _of_pictures(pdqs: Sequence[str]) -> list[Share]:
    places: dict[str, set[int]] = defaultdict(set)
    nearest: dict[str, int] = {}
    # No item has a key below zero: the frames stand in the places of items, and none is anybody's own.
    for near in near_entries({-1 - place: pdq for place, pdq in enumerate(pdqs)}):
        places[near.entry].add(near.item_id)
        nearest[near.entry] = min(near.distance, nearest.get(near.entry, near.distance))
    return [Share(entry, len(found), len(pdqs), 1, 1, nearest[entry]) for entry, found in places.items()]


def _rows(since: int) -> Iterable[Row]:
    entries = Entry.objects.filter(pk__gte=max(0, since) // PLACES, item__video__isnull=False)
    named = {item: (pk, name) for pk, name, item in entries.values_list("pk", "public_id", "item_id")}
    rows = [
        (named[item][0] * PLACES + place, named[item][1], pdq)
        for item, pdqs in usable_frames(named).items()
        for place, pdq in enumerate(pdqs)
    ]
    return [row for row in rows if row[0] > since]


LISTED = Nearby(_rows, lambda key, name: Entry.objects.filter(pk=key // PLACES, public_id=name).exists())
