"""One stack in words."""

import pytest
from django.test import Client
from django.urls import reverse

from cast import MakeItem
from openhotline.core.clock import now
from openhotline.triage.models import Stack
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


def test_a_stack_that_is_not_there(at_desk: Client) -> None:
    assert at_desk.get(reverse("desk_stack", args=["stk_none"])).status_code == 404
