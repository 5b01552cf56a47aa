"""Which versions are out is told to the second place, once each."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from openhotline.accounts.models import Person
from openhotline.hashlists.models import Entry, Release
from openhotline.hashlists.models.versions_out import VersionsOut
from openhotline.hashlists.services.publish_release import publish_release
from openhotline.hashlists.services.ship_versions import ship_versions

pytestmark = pytest.mark.django_db
MakeEntry = Callable[..., Entry]


def test_the_newest_version_of_each_list_is_told_once(
    approved: Release, senior: Person, now: datetime, tmp_path: Path
) -> None:
    place = VersionsOut(tmp_path / "second")
    assert (ship_versions(to=place), place.newest("hashes")) == (0, 0)
    publish_release(release_id=approved.pk, actor=senior, now=now)
    assert (ship_versions(to=place), ship_versions(to=place), place.newest("hashes")) == (1, 0, 1)


def test_a_second_place_that_cannot_be_written_stops_nothing(
    approved: Release, senior: Person, now: datetime, tmp_path: Path
) -> None:
    publish_release(release_id=approved.pk, actor=senior, now=now)
    (tmp_path / "file").write_text("")
    assert ship_versions(to=VersionsOut(tmp_path / "file")) == 0
