"""What was made in practice is refused in production, wherever there is a check."""

import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from openhotline.accounts.errors import AuthorityMissing
from openhotline.accounts.models import Authority, Person
from openhotline.accounts.policies import check_covers
from openhotline.accounts.queries import approval_of, latest_authority
from openhotline.accounts.services.approve import approve
from openhotline.core import clock
from openhotline.core.errors import Misconfigured
from openhotline.hashlists.errors import ReleaseRefused
from openhotline.hashlists.models import Entry
from openhotline.hashlists.queries import release_path, verified_release
from openhotline.hashlists.services.draft_release import draft_release
from openhotline.hashlists.services.publish_release import publish_release
from openhotline.practice.seeding import PASSWORD, seed
from openhotline.referral.models import partner

pytestmark = pytest.mark.django_db


@pytest.fixture
def practised(now: datetime) -> None:
    """People, an authority and a partner's key, made by practice."""
    seed(collection=None, analysts=1, now=now)


@pytest.fixture
def production(practised: None, settings: Any) -> None:
    """The same database, opened in production."""
    settings.PRACTICE = False


def test_an_authority_made_in_practice_covers_nothing(production: None, now: datetime) -> None:
    assert Authority.objects.filter(practice=True, valid_from__lte=now, expires_at__gt=now).exists()
    with pytest.raises(AuthorityMissing):
        check_covers(latest_authority(now), now)


def test_the_partner_s_key_made_in_practice_is_refused(practised: None, settings: Any) -> None:
    made = partner().key
    settings.PRACTICE = False
    settings.POLICE_KEY = made
    with pytest.raises(Misconfigured, match="made in practice mode"):
        partner()


def test_the_clock_stands_where_it_is(production: None) -> None:
    with pytest.raises(Misconfigured, match="only be moved in practice"):
        clock.advance(timedelta(days=1))


def test_a_clock_that_practice_moved_counts_for_nothing(practised: None, settings: Any) -> None:
    clock.advance(timedelta(days=100))
    practice = clock.now()
    settings.PRACTICE = False
    assert practice - clock.now() > timedelta(days=99)


def test_a_person_made_in_practice_cannot_sign_in(production: None) -> None:
    """Their password is printed on the start page of practice."""
    assert Person.objects.get(username="manager").practice
    answer = Client().post(reverse("sign_in"), {"username": "manager", "password": PASSWORD}, secure=True)
    assert answer.status_code == 200


@pytest.fixture
def release_of_practice(make_item: Any, senior: Person, manager: Person, now: datetime) -> Path:
    """A signed release that practice published."""
    item = make_item(digests='{"sha256": "%s"}' % ("0" * 64))
    Entry.objects.create(
        item=item,
        ai_involvement="wholly_synthetic",
        real_child="not_determined",
        jurisdiction="GB-EAW",
        outcome="pseudo_photograph",
        category="B",
        provision="",
        consensus=2,
        listed_at=now,
    )
    drafted = draft_release(actor=senior, now=now)
    approval = approval_of("release", drafted.public_id)
    assert approval is not None
    approve(approval_id=approval.pk, manifest_sha256=approval.manifest_sha256, actor=manager, now=now)
    return release_path(publish_release(release_id=drafted.pk, actor=senior, now=now).version)


def test_a_release_of_practice_is_refused(release_of_practice: Path, settings: Any) -> None:
    assert verified_release(release_of_practice).practice
    settings.PRACTICE = False
    with pytest.raises(ReleaseRefused):
        verified_release(release_of_practice)


def starting(**environment: str) -> str:
    """Return what is said when the settings are read in production with this environment."""
    done = subprocess.run(
        [sys.executable, "-c", "import openhotline.config.settings"],
        env=os.environ | {"OPENHOTLINE_MODE": "production"} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode != 0
    return done.stderr.splitlines()[-1]


@pytest.fixture
def keys_made(tmp_path: Path) -> dict[str, str]:
    """A data folder that practice has used."""
    folder = {"OPENHOTLINE_VAR": str(tmp_path), "OPENHOTLINE_DATABASE_URL": ""}
    subprocess.run(
        [sys.executable, "-c", "import openhotline.config.settings"],
        env=os.environ | folder | {"OPENHOTLINE_MODE": "practice", "OPENHOTLINE_DATABASE_URL": "sqlite://:memory:"},
        check=True,
        timeout=60,
    )
    return folder


@pytest.mark.parametrize(
    ("unsafe", "sentence"),
    [
        ({"OPENHOTLINE_DOOR": "all"}, "OPENHOTLINE_DOOR=all"),
        ({"OPENHOTLINE_DOOR": "desk", "OPENHOTLINE_DEBUG": "true"}, "OPENHOTLINE_DEBUG"),
        ({"OPENHOTLINE_DOOR": "desk", "OPENHOTLINE_DATABASE_URL": "sqlite://:memory:"}, "needs PostgreSQL"),
    ],
)
def test_production_does_not_start_the_way_practice_does(
    keys_made: dict[str, str], unsafe: dict[str, str], sentence: str
) -> None:
    assert sentence in starting(**(keys_made | unsafe))
