"""A young person's code, from the page to the list that members read, and back off it."""

import re

import pytest
from django.test import Client

from journeys.young_walks import CODE, keep_page, send
from openhotline.core.jobs import drain
from openhotline.hashlists.models import Entry, SelfReported
from openhotline.hashlists.queries import self_reported
from openhotline.intake.models import DeviceHash, Report
from openhotline.intake.states import DeviceHashState, ReportState

pytestmark = pytest.mark.django_db


def words_on(stranger: Client) -> str:
    """Send a code, let the worker do its part, and return the words that take it back."""
    sent = send(stranger, keep_page(stranger), f"{CODE} 90", follow=True)
    drain()
    found = re.search(r'class="receipt-code">([^<]+)<', sent.content.decode())
    assert found
    return found[1]


def test_a_code_comes_onto_the_self_reported_list_and_the_door_keeps_no_copy(stranger: Client) -> None:
    words_on(stranger)
    assert [(line.pdq, line.quality) for line in self_reported()] == [(CODE, 90)]
    held = DeviceHash.objects.get()
    assert (held.state, bytes(held.sealed)) == (DeviceHashState.HANDED_OVER, b"")
    assert not Entry.objects.exists()
    assert Report.objects.get().state == ReportState.SCREENED


def test_taken_back_it_is_gone_from_everywhere(stranger: Client) -> None:
    stranger.post("/young/undo/", {"words": words_on(stranger)})
    drain()
    assert self_reported() == []
    assert SelfReported.objects.get().pdq is None
    assert DeviceHash.objects.get().state == DeviceHashState.WITHDRAWN


def test_taken_back_before_the_worker_came_it_never_stands_on_the_list(stranger: Client) -> None:
    sent = send(stranger, keep_page(stranger), f"{CODE} 90", follow=True)
    found = re.search(r'class="receipt-code">([^<]+)<', sent.content.decode())
    assert found
    stranger.post("/young/undo/", {"words": found[1]})
    drain()
    assert self_reported() == []
    assert SelfReported.objects.get().pdq is None


def test_delivered_twice_it_is_one_line(stranger: Client) -> None:
    from openhotline.core.events import take
    from openhotline.core.models import Delivery, Event

    words_on(stranger)
    Delivery.objects.all().delete()
    for event in Event.objects.filter(kind="DeviceHashesKept"):
        take(event.pk)
    assert len(self_reported()) == 1
