"""Entries that are held, and the lists of others."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from openhotline.accounts.models import Person
from openhotline.core.clock import now
from openhotline.hashlists.services.import_known import import_known
from openhotline.hashlists.states import HashKind, Verdict
from openhotline.triage.models import HeldEntry

pytestmark = pytest.mark.django_db


def test_a_held_entry_is_released(sign_in: Callable[[Person], Client], senior: Person) -> None:
    held = HeldEntry.objects.create(list_name="theirs", entry="kno_1", matched=200, limit=100, held_at=now())
    client = sign_in(senior)
    page = client.get(reverse("desk_lists")).content.decode()
    assert "200 pictures, 100 allowed" in page
    client.post(reverse("desk_list_held"), {"held": held.public_id, "act": "release"})
    held.refresh_from_db()
    assert held.state == "released"
    assert "Let it act again" not in client.get(reverse("desk_lists")).content.decode()


def test_lists_of_others_say_how_they_are_matched(sign_in: Callable[[Person], Client], senior: Person) -> None:
    import_known(
        list_name="theirs", verdict=Verdict.KNOWN, lines=["0a" * 32], kind=HashKind.PDQ, actor="test", now=now()
    )
    page = " ".join(sign_in(senior).get(reverse("desk_lists")).content.decode().split())
    assert "Near pictures are matched to 31 bits, from quality 50 on, in eight positions" in page
