"""Practice begins with people, an authority and lists, and begins once."""

from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from openhotline.accounts.models import Authority, Person
from openhotline.hashlists.models import KnownFile
from openhotline.practice.seeding import PASSWORD, SIGN_INS, seed

pytestmark = pytest.mark.django_db


def rows() -> tuple[int, int, int]:
    return Person.objects.count(), Authority.objects.count(), KnownFile.objects.count()


def test_seeding_twice_is_seeding_once(collection: Path, now: datetime) -> None:
    cast = seed(collection=collection, analysts=4, now=now)
    before = rows()
    assert seed(collection=collection, analysts=4, now=now) == cast
    assert rows() == before
    assert before[0] == len(SIGN_INS) + 4 + 2


def test_a_visitor_can_sign_in_and_a_script_cannot(now: datetime) -> None:
    seed(collection=None, analysts=1, now=now)
    assert Client().login(username="analyst", password=PASSWORD)
    assert not Client().login(username="scripted-01", password=PASSWORD)


def test_the_police_partner_has_a_key_of_its_own(now: datetime) -> None:
    seed(collection=None, analysts=1, now=now)
    private = Path(settings.VAR) / "keys" / "practice-police.key"
    assert private.stat().st_mode & 0o777 == 0o600
    assert private.with_suffix(".pub").read_text().startswith("age1")


def test_everybody_is_marked_as_practice(now: datetime) -> None:
    seed(collection=None, analysts=2, now=now)
    assert not Person.objects.filter(practice=False).exists()
    assert not Authority.objects.filter(practice=False).exists()
