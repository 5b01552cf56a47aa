"""The sorting sheet."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from openhotline.evidence.models import Item
from openhotline.triage.models import Selection

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
