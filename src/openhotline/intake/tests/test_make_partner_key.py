"""A key is told once; what is kept of it opens nothing."""

from datetime import datetime, timedelta

import pytest

from openhotline.core.errors import NotNow
from openhotline.intake.models import Partner, PartnerKey
from openhotline.intake.services.end_partner import end_partner
from openhotline.intake.services.make_partner_key import make_partner_key
from openhotline.intake.states import Scope

pytestmark = pytest.mark.django_db
MONTH = timedelta(days=30)


def test_the_key_is_found_again_and_is_nowhere_in_the_table(partner: Partner, now: datetime) -> None:
    key, text = make_partner_key(partner=partner, scopes=[*Scope], expires_at=now + MONTH, actor="test", now=now)
    assert PartnerKey.objects.shown(text, now=now) == key
    assert text.removeprefix("ohk_") not in str(PartnerKey.objects.values().get())


def test_it_opens_nothing_from_its_end_on(partner: Partner, now: datetime) -> None:
    _, text = make_partner_key(partner=partner, scopes=[*Scope], expires_at=now + MONTH, actor="test", now=now)
    assert PartnerKey.objects.shown(text, now=now + MONTH) is None


@pytest.mark.parametrize("days", [0, -1, 731])
def test_an_end_that_is_past_or_far_is_refused(partner: Partner, now: datetime, days: int) -> None:
    with pytest.raises(NotNow, match="end"):
        make_partner_key(partner=partner, scopes=[*Scope], expires_at=now + timedelta(days=days), actor="test", now=now)


def test_a_key_for_nothing_is_refused(partner: Partner, now: datetime) -> None:
    with pytest.raises(NotNow, match="scope"):
        make_partner_key(partner=partner, scopes=[], expires_at=now + MONTH, actor="test", now=now)


def test_who_has_ended_gets_none(partner: Partner, now: datetime) -> None:
    ended = end_partner(partner=partner, actor="test", now=now)
    with pytest.raises(NotNow, match="has ended"):
        make_partner_key(partner=ended, scopes=[*Scope], expires_at=now + MONTH, actor="test", now=now)
