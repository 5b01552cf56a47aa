"""Videos are compared with the lists by the share of frames that look alike."""

from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256

import pytest

from cast import MakeItem
from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core.events import publish
from openhotline.core.jobs import drain
from openhotline.evidence.models import Item, Video, VideoFrame
from openhotline.evidence.states import LEAST_FRAME_QUALITY
from openhotline.hashlists.events import EntriesListed
from openhotline.hashlists.models import Entry
from openhotline.hashlists.services.import_known import import_known
from openhotline.hashlists.services.withdraw_entry import withdraw_entry
from openhotline.hashlists.states import EntryState, HashKind, Verdict, WithdrawalReason
from openhotline.triage.models import HeldEntry, Match, Selection, SharedFrames, stretches
from openhotline.triage.services.judge_again import judge_again
from openhotline.triage.services.triage_items import triage_items
from openhotline.triage.states import LEAST_QUALITY, SelectionState

pytestmark = pytest.mark.django_db

MakeVideo = Callable[..., Item]


def frame(seed: int, flip: int = 0) -> str:
    """Return a hash by seed, so many bits away from the seed's own."""
    return f"{int.from_bytes(sha256(f'frame {seed}'.encode()).digest()) ^ ((1 << flip) - 1):064x}"


def test_whole_folders_compare_the_frames_that_triage_compares() -> None:
    """`openhotline bulk` stands below triage and has the number for itself."""
    assert LEAST_FRAME_QUALITY == LEAST_QUALITY


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


def shared(item: Item) -> list[tuple[str, SharedFrames]]:
    """Return what is kept of the frames that a video shares, by entry."""
    rows = Match.objects.filter(item=item, kind=Match.FRAMES).order_by("pk")
    return [(row.entry, SharedFrames.read(row.frames or {})) for row in rows]


def matched(item: Item, now: datetime) -> list[tuple[str, int, int, int, int]]:
    """Triage and return what is kept."""
    triage_items(ids=[item.pk], actor="test", now=now)
    return [(name, one.frames, one.of, one.entry_frames, one.entry_of) for name, one in shared(item)]


def theirs(now: datetime, *lines: str, verdict: Verdict = Verdict.KNOWN) -> None:
    """Take in a list of pictures of somebody else."""
    import_known(list_name="theirs", verdict=verdict, lines=lines, kind=HashKind.PDQ, actor="test", now=now)


def test_the_same_video_coded_anew_matches_whole(
    make_video: MakeVideo, enter: Callable[[Item], Entry], now: datetime
) -> None:
    entry = enter(make_video(1, [frame(n) for n in range(8)]))
    again = make_video(2, [frame(n, flip=12) for n in range(8)])
    assert matched(again, now) == [(entry.public_id, 8, 8, 8, 8)]
    assert Match.objects.get().distance == 12


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


def test_it_is_kept_when_the_frames_are_shown_on_either_side(
    make_video: MakeVideo, enter: Callable[[Item], Entry], now: datetime
) -> None:
    enter(make_video(1, [frame(n) for n in range(20)]))
    part = make_video(2, [frame(5), frame(6), frame(7), frame(900), frame(15)])
    matched(part, now)
    ((_, one),) = shared(part)
    assert (one.stretches, one.entry_stretches) == (((0, 2000), (4000, 4000)), ((5000, 7000), (15000, 15000)))


def test_stretches_are_frames_that_follow_each_other_among_those_compared() -> None:
    assert stretches({4, 1, 2}, [0, 10, 25, 31, 40]) == ((10, 25), (40, 40))
    assert stretches(set(), []) == ()


@pytest.mark.parametrize("verdict", [Verdict.KNOWN, Verdict.HARMLESS])
def test_pictures_of_a_list_of_others_are_found_in_a_video(
    make_video: MakeVideo, now: datetime, verdict: Verdict
) -> None:
    theirs(now, frame(3, flip=4), verdict=verdict)
    video = make_video(1, [frame(n) for n in range(8)])
    assert [each[1:] for each in matched(video, now)] == [(1, 8, 1, 1)]
    row = Match.objects.get()
    assert (row.list_name, row.verdict, row.distance) == ("theirs", verdict, 4)
    assert Selection.objects.get().state == SelectionState.UNSORTED


@pytest.mark.parametrize("before", [True, False])
def test_a_list_that_grows_finds_the_videos_that_were_triaged_before(
    make_video: MakeVideo, enter: Callable[[Item], Entry], now: datetime, *, before: bool
) -> None:
    """A picture of others, and a video of ours: whether it came first or later, the match is the same."""
    old = make_video(1, [frame(n) for n in range(8)])
    if not before:
        triage_items(ids=[old.pk], actor="test", now=now)
    theirs(now, frame(3))
    entry = enter(make_video(2, [frame(n) for n in range(4)]))
    publish(EntriesListed(ids=(entry.pk,)), now=now)
    if before:
        triage_items(ids=[old.pk], actor="test", now=now)
    drain()
    assert sorted(one.frames for _, one in shared(old)) == [1, 4]


def test_what_an_entry_shared_goes_with_the_entry(
    make_video: MakeVideo, enter: Callable[[Item], Entry], senior: Person, now: datetime
) -> None:
    entry = enter(make_video(1, [frame(n) for n in range(8)]))
    again = make_video(2, [frame(n) for n in range(8)])
    assert matched(again, now)
    withdraw_entry(entry=entry.public_id, reason=WithdrawalReason.LISTED_BY_MISTAKE, actor=senior, now=now)
    drain()
    assert shared(again) == []


def test_mostly_known_frames_take_the_points_of_what_nobody_knows_and_a_few_do_not(
    make_video: MakeVideo, now: datetime
) -> None:
    """A known part leaves the rest, with whoever is in it."""
    theirs(now, *(frame(n) for n in range(3)))
    few, most = make_video(1, [frame(n) for n in range(8)]), make_video(2, [frame(n) for n in range(4)])
    triage_items(ids=[few.pk, most.pk], actor="test", now=now)
    codes = {row.item_id: [code for code, _ in row.reasons] for row in Selection.objects.all()}
    assert "possibly_unknown" in codes[few.pk]
    assert "possibly_unknown" not in codes[most.pk]


def test_one_frame_near_an_altered_real_picture_raises_the_whole(
    make_item: MakeItem, make_video: MakeVideo, enter: Callable[[Item], Entry], now: datetime
) -> None:
    entry = enter(make_item(seed=5, pdq=frame(3)))
    Entry.objects.filter(pk=entry.pk).update(ai_involvement="real_picture_altered")
    matched(make_video(1, [frame(n) for n in range(8)]), now)
    assert "near_altered_real" in [code for code, _ in Selection.objects.get().reasons]


def test_a_picture_that_many_videos_begin_with_is_held_like_any_flood(make_video: MakeVideo, now: datetime) -> None:
    theirs(now, frame(0))
    videos = [make_video(seed, [frame(0), *(frame(100 * seed + n) for n in range(3))]) for seed in range(1, 103)]
    triage_items(ids=[one.pk for one in videos], actor="test", now=now)
    assert (HeldEntry.objects.get().list_name, Match.objects.count()) == ("theirs", 102)


def test_again_adds_nothing_and_nothing_is_decided(
    make_video: MakeVideo, enter: Callable[[Item], Entry], now: datetime
) -> None:
    enter(make_video(1, [frame(n) for n in range(8)]))
    again = make_video(2, [frame(n) for n in range(8)])
    first = matched(again, now)
    assert judge_again(ids=[again.pk], actor="test", now=now) == 0
    assert (matched(again, now), Match.objects.count()) == (first, 1)
    assert not Record.objects.filter(action="items_judged_again").exists()
    assert Selection.objects.get().state == SelectionState.UNSORTED


def test_pictures_share_no_frames(make_item: MakeItem, now: datetime) -> None:
    assert matched(make_item(), now) == []
