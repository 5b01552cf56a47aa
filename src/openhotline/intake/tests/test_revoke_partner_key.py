"""A key is revoked at once."""

from datetime import datetime, timedelta

import pytest

from openhotline.audit.models import Record
from openhotline.core.errors import Missing
from openhotline.intake.models import Partner, PartnerKey
from openhotline.intake.services.make_partner_key import make_partner_key
from openhotline.intake.services.revoke_partner_key import revoke_partner_key
from openhotline.intake.states import Scope

pytestmark = pytest.mark.django_db


def test_it_opens_nothing_any_more_and_is_revoked_once(partner: Partner, now: datetime) -> None:
    ends = now + timedelta(days=1)
    key, text = make_partner_key(partner=partner, scopes=[*Scope], expires_at=ends, actor="test", now=now)
    for _ in range(2):
        revoke_partner_key(key=key.public_id, actor="test", now=now)
    assert PartnerKey.objects.shown(text, now=now) is None
    assert Record.objects.filter(action="partner_key_revoked").count() == 1


def test_what_is_not_there_is_said(db: None, now: datetime) -> None:
    with pytest.raises(Missing, match="no key"):
        revoke_partner_key(key="key_none", actor="test", now=now)
