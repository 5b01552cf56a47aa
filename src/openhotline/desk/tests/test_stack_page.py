"""One stack in words."""

import pytest
from django.test import Client
from django.urls import reverse

from cast import MakeItem
from openhotline.core.clock import now
from openhotline.desk.queries import shown_item
from openhotline.triage.models import HeldEntry, Stack, VideoMatch
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


def test_videos_that_share_frames_with_entries_are_told(at_desk: Client, make_item: MakeItem) -> None:
    item = make_item(pdq=None, quality=None, format="MP4")
    triage_items(ids=[item.pk], actor="test", now=now())
    shares = {"frames": 12, "of_frames": 40, "distance": 4, "found_at": now()}
    VideoMatch.objects.create(item=item, entry="ent_film", entry_frames=10, of_entry_frames=30, **shares)
    VideoMatch.objects.create(item=item, entry="ent_still", entry_frames=1, of_entry_frames=1, **shares | {"frames": 1})
    page = at_desk.get(reverse("desk_stack", args=[Stack.objects.get().public_id])).content.decode()
    assert "12 of 40 frames look like 10 of 30 of a video that is an entry of ours" in page
    assert "1 of 40 frames looks like a picture that is an entry of ours" in page
    assert shown_item(item).shared_frames[0].endswith("the nearest two 4 of 256 bits apart.")


def test_a_share_with_a_held_entry_says_that_it_is_held(make_item: MakeItem) -> None:
    item = make_item(pdq=None, quality=None, format="MP4")
    shares = {"frames": 12, "of_frames": 40, "entry_frames": 10, "of_entry_frames": 30, "distance": 4}
    VideoMatch.objects.create(item=item, entry="ent_film", found_at=now(), **shares)
    HeldEntry.objects.create(list_name="entries", entry="ent_film", matched=9, limit=3, held_at=now())
    assert "a person has to decide on it" in shown_item(item).shared_frames[0]


def test_a_stack_that_is_not_there(at_desk: Client) -> None:
    assert at_desk.get(reverse("desk_stack", args=["stk_none"])).status_code == 404
