"""Videos are compared with the hash list by the share of frames that look alike."""

from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256

import pytest

from cast import MakeItem
from openhotline.audit.models import Record
from openhotline.evidence.models import Item, Video, VideoFrame
from openhotline.hashlists.models import Entry
from openhotline.hashlists.states import EntryState
from openhotline.triage.models import Selection, VideoMatch
from openhotline.triage.queries.videos import matches_of
from openhotline.triage.services.match_videos import match_videos

pytestmark = pytest.mark.django_db

MakeVideo = Callable[..., Item]


def frame(seed: int, flip: int = 0) -> str:
    """Return a hash by seed, so many bits away from the seed's own."""
    return f"{int.from_bytes(sha256(f'frame {seed}'.encode()).digest()) ^ ((1 << flip) - 1):064x}"


@pytest.fixture
def make_video(make_item: MakeItem) -> MakeVideo:
    """Make a video with these frames, one a second."""

    def make(seed: int, frames: Sequence[str], quality: int = 100) -> Item:
        item = make_item(seed=seed, pdq=None, quality=None, format="MP4")
        video = Video.objects.create(item=item, width=640, height=480, milliseconds=1000 * len(frames), complete=True)
        VideoFrame.objects.bulk_create(
            VideoFrame(video=video, at_ms=1000 * place, pdq=pdq, quality=quality) for place, pdq in enumerate(frames)
        )
        return item

    return make


@pytest.fixture
def enter(now: datetime) -> Callable[[Item], Entry]:
    """Put an item on our list."""

    def entering(item: Item) -> Entry:
        return Entry.objects.create(
            item=item, ai_involvement="none_seen", real_child="not_determined", jurisdiction="GB-EAW",
            outcome="photograph", provision="pca1978", consensus=2, listed_at=now,
        )  # fmt: skip

    return entering


def matched(item: Item, now: datetime) -> list[tuple[str, int, int, int, int]]:
    """Match and return what is kept."""
    match_videos(ids=[item.pk], actor="test", now=now)
    return [(m.entry, m.frames, m.of_frames, m.entry_frames, m.of_entry_frames) for m in matches_of(item.pk)]


def test_the_same_video_coded_anew_matches_whole(
    make_video: MakeVideo, enter: Callable[[Item], Entry], now: datetime
) -> None:
    entry = enter(make_video(1, [frame(n) for n in range(8)]))
    again = make_video(2, [frame(n, flip=12) for n in range(8)])
    assert matched(again, now) == [(entry.public_id, 8, 8, 8, 8)]
    assert VideoMatch.objects.get().distance == 12


def test_a_part_of_a_long_one_is_found_from_both_sides(
    make_video: MakeVideo, enter: Callable[[Item], Entry], now: datetime
) -> None:
    entry = enter(make_video(1, [frame(n) for n in range(40)]))
    part = make_video(2, [frame(n) for n in range(10, 14)])
    assert matched(part, now) == [(entry.public_id, 4, 4, 4, 40)]
    whole = enter(part)
    longer = make_video(3, [frame(n) for n in range(8, 60)])
    assert (whole.public_id, 4, 52, 4, 4) in matched(longer, now)


def test_a_listed_picture_is_found_in_a_video(
    make_item: MakeItem, make_video: MakeVideo, enter: Callable[[Item], Entry], now: datetime
) -> None:
    entry = enter(make_item(seed=5, pdq=frame(3, flip=5)))
    assert matched(make_video(1, [frame(n) for n in range(8)]), now) == [(entry.public_id, 1, 8, 1, 1)]


def test_what_shares_too_little_matches_nothing(
    make_video: MakeVideo, enter: Callable[[Item], Entry], now: datetime
) -> None:
    enter(make_video(1, [frame(0), *(frame(n) for n in range(100, 110))]))
    one_alike = make_video(2, [frame(0), frame(200)])
    few_alike = make_video(3, [frame(100), frame(101), *(frame(n) for n in range(300, 310))])
    assert [matched(one_alike, now), matched(few_alike, now)] == [[], []]


def test_frames_that_say_too_little_are_not_compared(
    make_video: MakeVideo, enter: Callable[[Item], Entry], now: datetime
) -> None:
    enter(make_video(1, [frame(n) for n in range(8)], quality=49))
    assert matched(make_video(2, [frame(n) for n in range(8)]), now) == []
    assert matched(make_video(3, [frame(n) for n in range(8)], quality=49), now) == []


def test_a_withdrawn_entry_and_its_own_are_no_matches(
    make_video: MakeVideo, enter: Callable[[Item], Entry], now: datetime
) -> None:
    frames = [frame(n) for n in range(8)]
    own = make_video(1, frames)
    entry = enter(own)
    assert matched(own, now) == []
    Entry.objects.filter(pk=entry.pk).update(state=EntryState.WITHDRAWN)
    assert matched(make_video(2, frames), now) == []


def test_one_that_was_listed_after_the_first_search_is_found(
    make_video: MakeVideo, enter: Callable[[Item], Entry], now: datetime
) -> None:
    old, fresh = (make_video(seed, [frame(100 * seed + n) for n in range(4)]) for seed in (1, 2))
    enter(fresh)
    assert matched(make_video(3, [frame(200)] * 2), now) == []
    entry = enter(old)
    assert matched(make_video(4, [frame(100 + n) for n in range(4)]), now) == [(entry.public_id, 4, 4, 4, 4)]


def test_again_adds_nothing_and_nothing_is_decided(
    make_video: MakeVideo, enter: Callable[[Item], Entry], now: datetime
) -> None:
    enter(make_video(1, [frame(n) for n in range(8)]))
    again = make_video(2, [frame(n) for n in range(8)])
    first, second = matched(again, now), matched(again, now)
    assert (first, VideoMatch.objects.count(), Record.objects.filter(action="videos_matched").count()) == (second, 1, 1)
    assert not Selection.objects.exists()


def test_pictures_are_left_alone(make_item: MakeItem, now: datetime) -> None:
    assert match_videos(ids=[make_item().pk], actor="test", now=now) == 0
