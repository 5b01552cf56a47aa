"""Whose report's word has changed by the timetable is told, and nobody else."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from openhotline.core.models import Event
from openhotline.intake.models import Address, Partner, PartnerReport, Report, Webhook, WebhookMessage
from openhotline.intake.services.add_partner import add_partner
from openhotline.intake.services.announce_stages import AT_ONCE, UNDER_WAY, announce_stages
from openhotline.intake.services.screen_reports import screen_reports
from openhotline.intake.services.send_webhooks import POLICY
from openhotline.intake.services.set_standing import set_standing
from openhotline.intake.services.set_webhook import set_webhook
from openhotline.intake.states import Standing

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
Take = Callable[..., Report]


@pytest.fixture
def told(partner: Partner, now: datetime) -> Partner:
    """A partner that is told."""
    set_webhook(partner=partner, address="https://platform.example/hooks", actor="test", now=now)
    return partner


def test_nothing_is_said_before_its_time(told: Partner, take: Take, now: datetime) -> None:
    take()
    assert announce_stages(actor="test", now=now + DAY - timedelta(seconds=1)) == 0


def test_both_changes_are_said_once_each(told: Partner, take: Take, now: datetime) -> None:
    take()
    for days in (1, 1.5, 14, 15, 400):
        announce_stages(actor="test", now=now + days * DAY)
    assert list(WebhookMessage.objects.order_by("pk").values_list("word", flat=True)) == ["being worked on", "finished"]
    assert PartnerReport.objects.get().next_at is None


def test_a_partner_without_a_webhook_is_told_nothing(partner: Partner, take: Take, now: datetime) -> None:
    take()
    announce_stages(actor="test", now=now + DAY)
    assert not WebhookMessage.objects.exists()


def test_a_disabled_one_is_told_nothing(told: Partner, take: Take, now: datetime) -> None:
    take()
    Webhook.objects.update(disabled_at=now)
    announce_stages(actor="test", now=now + DAY)
    assert not WebhookMessage.objects.exists()


def test_what_is_under_way_is_not_announced_again_until_its_worker_must_be_dead(
    told: Partner, take: Take, now: datetime
) -> None:
    take()
    announce_stages(actor="test", now=now + DAY)
    announce_stages(actor="test", now=now + DAY + UNDER_WAY / 2)
    assert Event.objects.filter(kind="WebhooksDue").count() == 1
    announce_stages(actor="test", now=now + DAY + UNDER_WAY)
    assert Event.objects.filter(kind="WebhooksDue").count() == 2


def test_what_is_said_depends_on_nothing_that_is_known(told: Partner, take: Take, now: datetime) -> None:
    """One address was decided before, the other never seen: the same words at the same moments."""
    known = take("https://known.example/", key="a")
    screen_reports(ids=[known.pk], now=now)
    set_standing(address_ids=[Address.objects.get().pk], standing=Standing.DECIDED, now=now)
    screen_reports(ids=[take("https://known.example/", key="b").pk, take("https://new.example/", key="c").pk], now=now)
    for days in (1, 14):
        announce_stages(actor="test", now=now + days * DAY)
    said = [
        list(WebhookMessage.objects.filter(report=report).order_by("pk").values_list("word", "made_at"))
        for report in Report.objects.order_by("pk")
    ]
    assert said == [said[0]] * 3


def test_each_partner_s_are_announced_apart_and_few_at_once(told: Partner, take: Take, now: datetime) -> None:
    """One partner that does not answer keeps no other waiting, and is through before its messages fall due again."""
    other = add_partner(name="Another Platform", hourly=100, actor="test", now=now)
    for turn in range(AT_ONCE + 1):
        take(key=str(turn))
    announce_stages(actor="test", now=now + DAY)
    WebhookMessage.objects.filter(pk=WebhookMessage.objects.order_by("pk")[3].pk).update(partner=other)
    Event.objects.filter(kind="WebhooksDue").delete()
    announce_stages(actor="test", now=now + DAY + UNDER_WAY)
    assert sorted(len(event.ids) for event in Event.objects.filter(kind="WebhooksDue")) == [1, AT_ONCE]


def test_what_is_announced_together_is_over_before_it_falls_due_again() -> None:
    assert timedelta(seconds=POLICY.max_seconds) * AT_ONCE < UNDER_WAY
