"""The desk's report page says what was listed."""

from collections.abc import Callable

import pytest

from openhotline.evidence.queries import digests_of
from openhotline.hashlists.models import Entry
from openhotline.hashlists.panels import listed_panel

pytestmark = pytest.mark.django_db


def test_an_entry_is_told_without_its_hashes(make_entry: Callable[..., Entry]) -> None:
    entry = make_entry()
    shown = listed_panel([entry.item_id])
    assert entry.public_id in shown
    assert "not yet released" in shown
    assert digests_of(entry.item)["sha256"] not in shown


def test_nothing_listed_is_said() -> None:
    assert "Nothing of this report is on the list." in listed_panel([])
