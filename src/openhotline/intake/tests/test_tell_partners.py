"""Partners are told of something else than a report's word, once, by the same signed messages."""

import json
from datetime import datetime

import pytest

from openhotline.core.models import Event
from openhotline.intake.models import Partner, WebhookMessage
from openhotline.intake.services.announce_stages import announce_stages
from openhotline.intake.services.send_webhooks import send_webhooks
from openhotline.intake.services.set_webhook import set_webhook
from openhotline.intake.services.tell_partners import News, tell_partners
from openhotline.intake.tests.webhook_ear import Ear

pytestmark = pytest.mark.django_db
NEWS = News("entry.withdrawn", "ent_one", {"entry": "ent_one"})


def test_it_is_told_once_and_signed_as_every_message(partner: Partner, ear: Ear, now: datetime) -> None:
    set_webhook(partner=partner, address=ear.address, actor="test", now=now)
    counts = [tell_partners(partners=[partner.pk], news=NEWS, actor="test", now=now) for _ in range(2)]
    assert counts == [1, 0]
    announce_stages(actor="test", now=now)
    (event,) = Event.objects.filter(kind="WebhooksDue")
    assert send_webhooks(ids=event.ids, actor="test", now=now) == 1
    headers, body = ear.heard[0]
    assert headers["webhook-signature"].startswith("v1,")
    assert json.loads(body) == {
        "type": "entry.withdrawn", "timestamp": now.isoformat(), "data": {"entry": "ent_one"}
    }  # fmt: skip


def test_a_partner_without_a_webhook_is_not_told(partner: Partner, now: datetime) -> None:
    assert tell_partners(partners=[partner.pk], news=NEWS, actor="test", now=now) == 0
    assert not WebhookMessage.objects.exists()
