"""Which entries of lists share frames with a video, which frames, and when."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from openhotline.core.nearby import Nearby, Row, hash_of
from openhotline.evidence.models import VideoFrame
from openhotline.hashlists.models import Entry
from openhotline.hashlists.queries import OWN_LIST, Picture, near_entries, near_known
from openhotline.hashlists.states import EntryState, Verdict
from openhotline.law.states import AiInvolvement
from openhotline.triage.models import SharedFrames, stretches
from openhotline.triage.states import LEAST_QUALITY

LEAST_SHARE = 0.25
"""Of the frames of either, that have to look like one of the other's."""
LEAST_FRAMES = 2
"""Frames that have to be alike besides, so that a picture that many videos begin with matches none."""
PLACES = 64
"""More frames than a video has: a frame's key in the index is its entry's, times this, and its place."""


@dataclass(frozen=True)
class Frame:
    """A frame that says enough to be compared: its PDQ in hex, how much that says, and its moment."""

    pdq: str
    quality: int
    at_ms: int


@dataclass(frozen=True)
class FramesFound:
    """A video and an entry that share frames; ``places`` are the video's, among those that were compared.

    ``entry`` is its outside id; ``distance`` are the bits between the nearest two.
    """

    item_id: int
    list_name: str
    verdict: str
    entry: str
    distance: int
    places: frozenset[int]
    shared: SharedFrames
    altered_real: bool


def shared_frames(items: Iterable[int]) -> list[FramesFound]:
    """Return the entries that share enough with these items' frames: videos of ours, and pictures of every list.

    A picture is shared by one frame that looks like it. An item's own entry is left out; so are items that are no
    videos.
    """
    frames = usable_frames(items)
    asked = [(item, place) for item, each in frames.items() for place in range(len(each))]
    return [*_of_videos(frames, asked), *_of_pictures(frames, asked)] if asked else []


def usable_frames(item_ids: Iterable[int]) -> dict[int, list[Frame]]:
    """Return the frames of videos that say enough to be compared, by item, in the order of time."""
    rows = VideoFrame.objects.filter(video__item__in=item_ids, quality__gte=LEAST_QUALITY)
    found: dict[int, list[Frame]] = defaultdict(list)
    for item, pdq, quality, at_ms in rows.order_by("video__item", "at_ms").values_list(
        "video__item_id", "pdq", "quality", "at_ms"
    ):
        found[item].append(Frame(str(pdq), quality, at_ms))
    return found


Frames = Mapping[int, Sequence[Frame]]
Asked = Sequence[tuple[int, int]]


def _of_videos(frames: Frames, asked: Asked) -> Iterator[FramesFound]:
    pairs: dict[tuple[int, int], list[tuple[int, int, int]]] = defaultdict(list)
    for query, key, distance in LISTED.search(np.stack([hash_of(frames[i][place].pdq) for i, place in asked])):
        (item, place), (entry, theirs) = asked[query], divmod(key, PLACES)
        pairs[item, entry].append((place, theirs, distance))
    rows = Entry.objects.filter(pk__in={entry for _, entry in pairs}, state=EntryState.ACTIVE)
    entries = {row.pk: row for row in rows.only("public_id", "item_id", "ai_involvement")}
    of_entries = usable_frames(row.item_id for row in entries.values() if row.item_id is not None)
    for (item, key), alike in pairs.items():
        row = entries.get(key)
        if row is None or row.item_id is None or row.item_id == item:
            continue
        ours, theirs_found = frozenset(one[0] for one in alike), {one[1] for one in alike}
        theirs_all = of_entries[row.item_id]
        shared = SharedFrames(
            len(ours), len(frames[item]), stretches(ours, _moments(frames[item])),
            len(theirs_found), len(theirs_all), stretches(theirs_found, _moments(theirs_all)),
        )  # fmt: skip
        if shared.share >= LEAST_SHARE and min(shared.frames, shared.entry_frames) >= LEAST_FRAMES:
            altered = row.ai_involvement == AiInvolvement.REAL_PICTURE_ALTERED
            nearest = min(one[2] for one in alike)
            yield FramesFound(item, OWN_LIST, Verdict.KNOWN, row.public_id, nearest, ours, shared, altered)


def _of_pictures(frames: Frames, asked: Asked) -> Iterator[FramesFound]:
    # No item has a key below zero: the frames stand in the places of items, and none is anybody's own.
    pictures = {-1 - query: frames[item][place] for query, (item, place) in enumerate(asked)}
    found: dict[tuple[int, str, str, str, bool], list[tuple[int, int]]] = defaultdict(list)
    for ours in near_entries({key: one.pdq for key, one in pictures.items()}):
        item, place = asked[-1 - ours.item_id]
        found[item, OWN_LIST, Verdict.KNOWN, ours.entry, ours.altered_real].append((place, ours.distance))
    for theirs in near_known({key: Picture(one.pdq, one.quality) for key, one in pictures.items()}):
        item, place = asked[-1 - theirs.item_id]
        found[item, theirs.list_name, theirs.verdict, theirs.entry, False].append((place, theirs.distance))
    for (item, list_name, verdict, entry, altered), alike in found.items():
        places = frozenset(place for place, _ in alike)
        shared = SharedFrames(len(places), len(frames[item]), stretches(places, _moments(frames[item])))
        nearest = min(distance for _, distance in alike)
        yield FramesFound(item, list_name, verdict, entry, nearest, places, shared, altered)


def _moments(frames: Sequence[Frame]) -> list[int]:
    return [one.at_ms for one in frames]


def _rows(since: int) -> Iterable[Row]:
    entries = Entry.objects.filter(pk__gte=max(0, since) // PLACES, item__video__isnull=False)
    named = {item: (pk, name) for pk, name, item in entries.values_list("pk", "public_id", "item_id")}
    rows = [
        (named[item][0] * PLACES + place, named[item][1], one.pdq)
        for item, each in usable_frames(named).items()
        for place, one in enumerate(each)
    ]
    return [row for row in rows if row[0] > since]


LISTED = Nearby(_rows, lambda key, name: Entry.objects.filter(pk=key // PLACES, public_id=name).exists())
