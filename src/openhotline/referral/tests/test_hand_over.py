"""A built package goes to the partner."""

from collections.abc import Callable
from datetime import datetime

import pytest

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.evidence.models import Item
from openhotline.referral.errors import NotReferable, PackageRefused
from openhotline.referral.models import Referral, verify_package
from openhotline.referral.queries import package_path, partner_folder
from openhotline.referral.services.draft_referral import draft_referral
from openhotline.referral.services.hand_over import hand_over
from openhotline.referral.states import ReferralState

pytestmark = pytest.mark.django_db
Build = Callable[..., Referral]


def test_in_practice_the_partner_finds_it_in_its_letter_box(built: Build, now: datetime, identity: str) -> None:
    done = hand_over(referral_id=built().pk, actor="step:x", now=now)
    assert done.state == ReferralState.HANDED_OVER
    assert verify_package(partner_folder() / f"{done.public_id}.age", identity=identity).referral == done.public_id


def test_twice_is_once(built: Build, now: datetime) -> None:
    key = built().pk
    for _ in range(2):
        hand_over(referral_id=key, actor="step:x", now=now)
    assert Record.objects.filter(action="referral_handed_over").count() == 1


def test_a_draft_is_not_handed_over(decided: Callable[..., Item], analyst: Person, now: datetime) -> None:
    drafted = draft_referral(item_ids=[decided().pk], actor=analyst, now=now)
    with pytest.raises(NotReferable, match="has not been built"):
        hand_over(referral_id=drafted.pk, actor=analyst, now=now)


def test_a_file_that_was_changed_or_lost_is_not_handed_over(built: Build, now: datetime) -> None:
    done = built()
    path = package_path(done.public_id)
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(PackageRefused, match="not the one that was built"):
        hand_over(referral_id=done.pk, actor="step:x", now=now)
    path.unlink()
    with pytest.raises(PackageRefused, match="is gone"):
        hand_over(referral_id=done.pk, actor="step:x", now=now)
