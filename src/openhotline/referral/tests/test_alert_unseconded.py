"""Nobody signed within a day: that is told, once, and stays told."""

from datetime import datetime, timedelta

import pytest

from openhotline import due
from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.referral.models import UrgentReferral
from openhotline.referral.services.alert_unseconded import alert_unseconded
from openhotline.referral.services.second_urgent import second_urgent
from openhotline.referral.services.send_urgent import send_urgent

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(senior: Person, now: datetime) -> UrgentReferral:
    return send_urgent(words="A child may be in danger there.", report="", idempotency="k", actor=senior, now=now)


def alerted(now: datetime) -> int:
    return alert_unseconded(actor="step:tick", now=now)


def test_a_day_later_it_is_told_once(sent: UrgentReferral, now: datetime) -> None:
    assert alerted(now + timedelta(hours=24) - timedelta(seconds=1)) == 0
    assert alerted(now + timedelta(hours=24)) == 1
    assert alerted(now + timedelta(hours=48)) == 0
    assert Record.objects.get(action="urgent_referral_unseconded").subject == sent.public_id


def test_what_was_signed_is_not_told(sent: UrgentReferral, manager: Person, now: datetime) -> None:
    second_urgent(urgent_id=sent.pk, content_sha256=sent.content_sha256, actor=manager, now=now)
    assert alerted(now + timedelta(days=2)) == 0


def test_a_clock_that_is_set_back_takes_no_alert_away(sent: UrgentReferral, now: datetime) -> None:
    alerted(now + timedelta(days=2))
    alerted(now - timedelta(days=2))
    sent.refresh_from_db()
    assert sent.alerted_at == now + timedelta(days=2)


def test_the_clock_does_it(sent: UrgentReferral, now: datetime) -> None:
    assert due.DUE["urgent referrals without a second person told"](now + timedelta(days=2)) == 1
