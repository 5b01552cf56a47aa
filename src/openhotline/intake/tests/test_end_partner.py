"""A partner ends: its keys open nothing, its reports stay."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from openhotline.intake.models import Partner, PartnerKey, Report, Webhook
from openhotline.intake.services.end_partner import end_partner
from openhotline.intake.services.make_partner_key import make_partner_key
from openhotline.intake.services.set_webhook import set_webhook
from openhotline.intake.states import Scope

pytestmark = pytest.mark.django_db


def test_keys_and_webhook_end_and_reports_stay(partner: Partner, take: Callable[..., Report], now: datetime) -> None:
    ends = now + timedelta(days=1)
    _, text = make_partner_key(partner=partner, scopes=[*Scope], expires_at=ends, actor="test", now=now)
    set_webhook(partner=partner, address="https://platform.example/", actor="test", now=now)
    take()
    for _ in range(2):
        end_partner(partner=partner, actor="test", now=now)
    assert PartnerKey.objects.shown(text, now=now) is None
    assert not Webhook.objects.exists()
    assert Report.objects.count() == 1
