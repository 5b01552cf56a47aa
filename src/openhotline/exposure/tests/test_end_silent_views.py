"""Looks whose page says nothing any more are over."""

from datetime import datetime, timedelta

import pytest

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.exposure.models import View
from openhotline.exposure.services.end_silent_views import end_silent_views
from openhotline.exposure.services.note_beat import note_beat

pytestmark = pytest.mark.django_db


def test_a_killed_browser_ends_the_look_ten_seconds_after_its_last_word(
    on_screen: str, analyst: Person, now: datetime
) -> None:
    note_beat(token=on_screen, session="s", actor=analyst, now=now + timedelta(seconds=6))
    assert end_silent_views(actor="step:tick", now=now + timedelta(seconds=15)) == 0
    assert end_silent_views(actor="step:tick", now=now + timedelta(seconds=16)) == 1
    assert View.objects.get().seconds == 16
    assert Record.objects.filter(action="views_ended").count() == 1


def test_one_that_never_said_a_word_counts_those_ten_seconds(on_screen: str, now: datetime) -> None:
    assert end_silent_views(actor="step:tick", now=now + timedelta(seconds=10)) == 1
    assert View.objects.get().seconds == 10
