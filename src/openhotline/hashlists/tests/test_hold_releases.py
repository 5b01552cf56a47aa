"""After a restore no list goes out until a manager has looked, and no version number is used twice."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from openhotline.accounts.models import Person
from openhotline.evidence.services.restore import _followers
from openhotline.hashlists.errors import ReleasesHeld
from openhotline.hashlists.models import Entry, Release, ReleaseHold, Routine
from openhotline.hashlists.queries import versions
from openhotline.hashlists.services.draft_release import draft_release
from openhotline.hashlists.services.hold_releases import hold_releases
from openhotline.hashlists.services.publish_release import publish_release
from openhotline.hashlists.services.release_sealed import release_sealed
from openhotline.hashlists.services.resume_releases import resume_releases
from openhotline.hashlists.states import SealedKind

pytestmark = pytest.mark.django_db
MakeEntry = Callable[..., Entry]
KIND = SealedKind.ADDRESSES


def test_what_was_approved_before_does_not_go_out_and_nothing_is_drafted(
    approved: Release, senior: Person, now: datetime
) -> None:
    hold_releases(actor="test", now=now)
    with pytest.raises(ReleasesHeld, match="openhotline list resume"):
        publish_release(release_id=approved.pk, actor=senior, now=now)
    with pytest.raises(ReleasesHeld):
        draft_release(actor=senior, now=now)


def test_planted_bug_without_the_hold_it_goes_out(
    approved: Release, senior: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold_releases(actor="test", now=now)
    monkeypatch.setattr(versions, "releases_are_held", lambda: False)
    assert publish_release(release_id=approved.pk, actor=senior, now=now).published_at == now


def test_what_goes_out_by_the_clock_waits_as_well(
    show: Callable[..., int], routine: Routine, manager: Person, now: datetime
) -> None:
    show("https://site.example/a")
    hold_releases(actor="test", now=now)
    assert release_sealed(kind=KIND, actor="step:tick", now=now) is None
    with pytest.raises(ReleasesHeld):
        release_sealed(kind=KIND, actor="test", now=now, early=True)
    resume_releases(out={"addresses": 7}, actor=manager, now=now)
    out = release_sealed(kind=KIND, actor="step:tick", now=now)
    assert out is not None
    assert out.version == 8


def test_a_restore_begins_it(now: datetime, db: None) -> None:
    for do in _followers:
        do(now)
    assert versions.releases_are_held()


def test_again_is_the_same_hold_and_the_database_keeps_no_second(now: datetime) -> None:
    assert hold_releases(actor="test", now=now) == hold_releases(actor="test", now=now + timedelta(days=1))
    with pytest.raises(IntegrityError), transaction.atomic():
        ReleaseHold.objects.create(begun_at=now)
