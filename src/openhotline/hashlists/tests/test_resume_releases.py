"""A manager lets lists go out again, above every version that members may have had."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import LazySettings

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core.errors import NotAllowed, NotNow
from openhotline.hashlists.models import Entry, Release, ReleaseHold
from openhotline.hashlists.models.versions_out import VersionsOut
from openhotline.hashlists.queries import release_path
from openhotline.hashlists.services.draft_release import draft_release
from openhotline.hashlists.services.hold_releases import hold_releases
from openhotline.hashlists.services.publish_release import publish_release
from openhotline.hashlists.services.resume_releases import resume_releases
from openhotline.hashlists.services.ship_versions import ship_versions

pytestmark = pytest.mark.django_db
MakeEntry = Callable[..., Entry]


def test_a_manager_ends_it_and_nobody_else(senior: Person, manager: Person, now: datetime) -> None:
    hold_releases(actor="test", now=now)
    with pytest.raises(NotAllowed, match="a manager does"):
        resume_releases(out={}, actor=senior, now=now)
    resume_releases(out={}, actor=manager, now=now)
    assert ReleaseHold.objects.get().ended_by == manager.public_id
    assert Record.objects.filter(action="releases_resumed").count() == 1
    with pytest.raises(NotNow, match="nothing to resume"):
        resume_releases(out={}, actor=manager, now=now)


def test_the_next_version_is_above_what_the_second_place_knows(
    approved: Release, make_entry: MakeEntry, senior: Person, manager: Person, now: datetime, settings: LazySettings,
    tmp_path: Path
) -> None:  # fmt: skip
    """Version 1 went out; the database that comes back has not even its draft."""
    settings.AUDIT_SHIP = tmp_path / "second"
    place = VersionsOut(settings.AUDIT_SHIP)
    publish_release(release_id=approved.pk, actor=senior, now=now)
    assert (ship_versions(to=place), ship_versions(to=place)) == (1, 0)
    for out in release_path(1).parent.glob("*.jsonl"):
        out.unlink()
    Release.objects.all().delete()
    hold_releases(actor="test", now=now)
    assert resume_releases(out={}, actor=manager, now=now)["hashes"] == 1
    make_entry()
    assert draft_release(actor=senior, now=now).version == 2


def test_what_the_manager_knows_counts_where_it_is_higher(
    make_entry: MakeEntry, senior: Person, manager: Person, now: datetime
) -> None:
    hold_releases(actor="test", now=now)
    resume_releases(out={"hashes": 41}, actor=manager, now=now)
    make_entry()
    assert draft_release(actor=senior, now=now).version == 42
