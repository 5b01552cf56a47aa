"""Hashes from devices come onto a list of their own, which nothing is compared to."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.evidence.models import Item
from openhotline.hashlists.errors import NothingToRelease
from openhotline.hashlists.models import Entry, Release, SelfReported, SelfReportedHash
from openhotline.hashlists.queries import (
    count_self_reported,
    near_entries,
    release_path,
    self_reported,
    verdicts_for,
)
from openhotline.hashlists.services.draft_release import draft_release
from openhotline.hashlists.services.keep_self_reported import keep_self_reported
from openhotline.hashlists.states import SelfReportedState

pytestmark = pytest.mark.django_db

PDQ = "0f" * 32
ONE = SelfReportedHash(origin="dev_a", pdq=PDQ, quality=80)
SAME = SelfReportedHash(origin="dev_b", pdq=PDQ, quality=80)


def test_a_hash_is_on_the_list_and_unreviewed(now: datetime) -> None:
    assert keep_self_reported(hashes=[ONE], actor="step:x", now=now) == 1
    assert [(line.pdq, line.quality) for line in self_reported()] == [(PDQ, 80)]
    assert SelfReported.objects.get().state == SelfReportedState.UNREVIEWED
    assert Record.objects.get(action="self_reported_kept").detail == {}


def test_delivered_twice_is_once(now: datetime) -> None:
    assert [keep_self_reported(hashes=[ONE], actor="step:x", now=now) for _ in range(2)] == [1, 0]
    assert Record.objects.filter(action="self_reported_kept").count() == 1


def test_the_same_picture_of_two_people_is_two_rows(now: datetime) -> None:
    """So that one of them can take theirs back."""
    keep_self_reported(hashes=[ONE, SAME], actor="step:x", now=now)
    assert count_self_reported() == {SelfReportedState.UNREVIEWED: 2, SelfReportedState.WITHDRAWN: 0}


def test_the_hash_lies_encrypted(now: datetime) -> None:
    keep_self_reported(hashes=[ONE], actor="step:x", now=now)
    (raw,) = SelfReported.objects.extra(select={"raw": "pdq"}).values_list("raw", flat=True)
    assert PDQ.encode() not in bytes(raw)


def test_it_is_no_entry_and_no_item_is_found_by_it(make_item: Callable[..., Item], now: datetime) -> None:
    keep_self_reported(hashes=[ONE], actor="step:x", now=now)
    item = make_item(PDQ)
    assert not Entry.objects.exists()
    assert near_entries({item.pk: PDQ}) == []
    assert verdicts_for([item.lookup]) == {}


def test_nothing_of_it_stands_in_a_release(
    make_entry: Callable[..., Entry], release: Callable[[], Release], now: datetime
) -> None:
    keep_self_reported(hashes=[ONE], actor="step:x", now=now)
    make_entry(pdq="a5" * 32)
    text = release_path(release().version).read_text(encoding="utf-8")
    assert "a5" * 32 in text
    assert PDQ not in text
    assert SelfReported.objects.get().public_id not in text


def test_alone_it_makes_no_release(senior: Person, now: datetime, tmp_path: Path) -> None:
    keep_self_reported(hashes=[ONE], actor="step:x", now=now)
    with pytest.raises(NothingToRelease):
        draft_release(actor=senior, now=now)
