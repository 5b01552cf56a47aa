"""The sorting sheet."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from cast import MakeItem
from openhotline.core.clock import now
from openhotline.evidence.models import Item, Rendition
from openhotline.triage.models import Selection
from openhotline.triage.services.triage_items import triage_items

pytestmark = pytest.mark.django_db


def take(client: Client) -> str:
    """Take a sheet and return its outside id."""
    page = client.post(reverse("desk_sheet_next"), follow=True).content.decode()
    return re.findall(r'name="sheet" value="([^"]+)"', page)[0]


def test_a_sheet_shows_tiles_without_a_reveal(at_desk: Client, unsorted: list[Item]) -> None:
    take(at_desk)
    page = at_desk.get(reverse("desk_sheet")).content.decode()
    assert page.count("/media/tile/") == 3
    assert "data-reveal-url" not in page
    assert "counts as a glimpse" in page


def test_what_has_no_tile_is_a_row_in_words(at_desk: Client, make_item: MakeItem) -> None:
    """A file that the sandbox gave up on is told, never shown, and the key for all does not set it aside."""
    item = make_item(state="unreadable", unreadable_reason="timeout", pdq=None, quality=None, width=None, height=None)
    triage_items(ids=[item.pk], actor="test", now=now())
    take(at_desk)
    page = at_desk.get(reverse("desk_sheet")).content.decode()
    assert "/media/tile/" not in page
    assert "took longer than is allowed" in page
    assert 'value="0" data-alone' in page


def test_what_is_not_set_aside_is_kept(at_desk: Client, unsorted: list[Item]) -> None:
    at_desk.post(reverse("desk_sheet"), {"sheet": take(at_desk), "aside": ["0", "2"]})
    states = Selection.objects.order_by("item_id").values_list("state", flat=True)
    assert list(states) == ["set_aside", "selected", "set_aside"]


def test_a_sheet_is_finished_once(at_desk: Client, unsorted: list[Item]) -> None:
    sheet = take(at_desk)
    at_desk.post(reverse("desk_sheet"), {"sheet": sheet})
    assert at_desk.post(reverse("desk_sheet"), {"sheet": sheet, "aside": ["0"]}).status_code == 409


def test_a_sheet_of_nobody_is_not_there(at_desk: Client) -> None:
    assert at_desk.post(reverse("desk_sheet"), {"sheet": "sht_none"}).status_code == 404


def test_each_tile_keeps_its_own_reason(at_desk: Client, unsorted: list[Item]) -> None:
    form = {"sheet": take(at_desk), "aside": ["0", "2"], "because-0": "page_part", "reason": "no_person"}
    at_desk.post(reverse("desk_sheet"), form)
    reasons = Selection.objects.order_by("item_id").values_list("reason", flat=True)
    assert list(reasons) == ["page_part", "kept", "no_person"]


def test_a_reason_that_is_none_of_the_sheets_is_refused(at_desk: Client, unsorted: list[Item]) -> None:
    form = {"sheet": take(at_desk), "aside": ["0"], "reason": "known_harmless"}
    assert at_desk.post(reverse("desk_sheet"), form).status_code == 409
    assert not Selection.objects.exclude(state="unsorted").exists()


def test_what_follows_is_told_before_anything_is_done(at_desk: Client, unsorted: list[Item]) -> None:
    form = {"sheet": take(at_desk), "aside": ["1"], "reason": "no_person"}
    fragment = at_desk.post(reverse("desk_sheet_preview"), form).content.decode()
    assert "Nobody in it: 1 tile, 1 picture." in fragment
    assert "Kept for assessment: 2 tiles, 2 pictures." in fragment
    assert not Selection.objects.exclude(state="unsorted").exists()


def test_without_scripts_the_page_shows_what_follows(at_desk: Client, unsorted: list[Item]) -> None:
    form = {"sheet": take(at_desk), "aside": ["1"], "reason": "no_person", "preview": "yes"}
    page = at_desk.post(reverse("desk_sheet"), form).content.decode()
    assert "Nobody in it: 1 tile, 1 picture." in page
    assert 'value="1" checked>' in page


def test_what_was_set_aside_is_taken_back_from_the_queue(at_desk: Client, unsorted: list[Item]) -> None:
    page = at_desk.post(reverse("desk_sheet"), {"sheet": take(at_desk), "aside": ["1"]}, follow=True).content.decode()
    assert reverse("desk_sheet_undo") in page
    again = at_desk.post(reverse("desk_sheet_undo"), follow=True).content.decode()
    assert again.count("/media/tile/") == 1


def test_tiles_that_never_came_are_not_set_aside_and_may_be_kept(at_desk: Client, unsorted: list[Item]) -> None:
    """The media door was down: the sheet stays this person's, and what is kept goes to assessment."""
    Rendition.objects.bulk_create(
        Rendition(item=one, kind=Rendition.TILE, sealed=b"x", width=160, height=160) for one in unsorted
    )
    sheet = take(at_desk)
    answer = at_desk.post(reverse("desk_sheet"), {"sheet": sheet, "aside": ["0"]})
    assert answer.status_code == 409
    assert "You were shown none of these tiles" in answer.content.decode()
    assert at_desk.post(reverse("desk_sheet"), {"sheet": sheet}).status_code == 302
    assert not Selection.objects.filter(state="set_aside").exists()
