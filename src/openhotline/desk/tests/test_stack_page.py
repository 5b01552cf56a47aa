"""One stack in words."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cast import MakeItem
from openhotline.core.clock import now
from openhotline.desk.queries import shown_item
from openhotline.desk.queries.shown import moment
from openhotline.evidence.models import Item, Video
from openhotline.triage.models import HeldEntry, Match, SharedFrames, Stack
from openhotline.triage.models.match import Stretch
from openhotline.triage.services.triage_items import triage_items

pytestmark = pytest.mark.django_db


def test_members_that_may_be_altered_stand_apart(at_desk: Client, make_item: MakeItem) -> None:
    items = [make_item(), make_item(flip=2), make_item(flip=1, suspects_altered_real=True), make_item(flip=20)]
    triage_items(ids=[item.pk for item in items], actor="test", now=now())
    page = at_desk.get(reverse("desk_stack", args=[Stack.objects.get().public_id])).content.decode()
    together, apart = page.split("Never decided together")
    assert "Part 1: 2 pictures within 10 bits" in together
    assert "Part 2: one picture" in together
    assert apart.count('<th scope="row">') == 1
    assert items[2].public_id[:12] in apart
    assert items[2].public_id[:12] not in together


def test_a_stack_says_why_it_comes_where_it_does_and_shows_no_picture(at_desk: Client, make_item: MakeItem) -> None:
    triage_items(ids=[make_item().pk], actor="test", now=now())
    page = at_desk.get(reverse("desk_stack", args=[Stack.objects.get().public_id])).content.decode()
    assert "Nothing says that no real child is involved. (+20)" in page
    assert "no mark of AI found; nothing of a real picture" in page
    assert "<img" not in page.split('id="main"')[1]


def film(item: Item, frames: int, of: int, *stretches: Stretch, **changes: Any) -> None:
    """Keep that a video shares frames with an entry; a picture unless changed."""
    entry = {name: changes.pop(name) for name in ("entry_frames", "entry_of", "entry_stretches") if name in changes}
    kept = SharedFrames(frames, of, stretches, **entry).kept()
    row = {"list_name": "entries", "entry": "ent_film", "kind": Match.FRAMES, "verdict": "known", "distance": 4}
    Match.objects.create(item=item, found_at=now(), frames=kept, **row | changes)


@pytest.fixture
def video(make_item: MakeItem) -> Item:
    """A triaged video of 1 minute and 20 seconds."""
    item = make_item(pdq=None, quality=None, format="MP4")
    Video.objects.create(item=item, width=640, height=480, milliseconds=80_000, complete=True)
    triage_items(ids=[item.pk], actor="test", now=now())
    return item


def test_videos_that_share_frames_say_with_what_how_many_and_when(at_desk: Client, video: Item) -> None:
    there: dict[str, Any] = {"entry_frames": 10, "entry_of": 30, "entry_stretches": ((70_500, 81_000),)}
    film(video, 12, 40, (3_000, 14_000), (59_999, 59_999), **there)
    film(video, 1, 40, (7_000, 7_000), entry="kno_still", list_name="theirs")
    page = at_desk.get(reverse("desk_stack", args=[Stack.objects.get().public_id])).content.decode()
    assert (
        "At 0:03 to 0:14 and 0:59: 12 of 40 frames look like 10 of 30 of a video that is an entry of ours, "
        "which are at 1:10 to 1:21 there. The nearest two are 4 of 256 bits apart."
    ) in page
    assert "At 0:07: 1 of 40 frames looks like a picture listed as known (theirs)." in page
    assert "<img" not in page.split('id="main"')[1]
    assert shown_item(video).shared_frames[0].startswith("At 0:03")


def test_what_stands_beside_a_video_says_how_long_it_is_and_whether_all_was_read(video: Item) -> None:
    assert shown_item(video).video.startswith("A video, 1:20 long. 0 frames were taken;")
    Video.objects.update(complete=False, milliseconds=0)
    assert shown_item(video).video.startswith("A video, the file does not say how long.")
    assert shown_item(video).video.endswith("Time ran out before all of it was read.")


def test_many_moments_are_told_as_the_first_and_how_many_more(video: Item) -> None:
    film(video, 9, 40, *((n * 4_000, n * 4_000) for n in range(9)))
    assert shown_item(video).shared_frames[0].startswith("At 0:00, 0:04, 0:08, 0:12, 0:16, 0:20 and 3 more times: 9 of")


def test_a_moment_after_an_hour() -> None:
    assert moment(3_723_900) == "1:02:03"


def test_a_share_with_a_held_entry_says_that_it_is_held(video: Item) -> None:
    film(video, 12, 40, (0, 9_000))
    HeldEntry.objects.create(list_name="entries", entry="ent_film", matched=9, limit=3, held_at=now())
    assert "a person has to decide on it" in shown_item(video).shared_frames[0]


def test_a_stack_that_is_not_there(at_desk: Client) -> None:
    assert at_desk.get(reverse("desk_stack", args=["stk_none"])).status_code == 404
