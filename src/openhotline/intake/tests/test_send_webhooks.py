"""Partners are told, signed, again and again until it arrives, or it was too often in vain."""

import base64
import hmac
import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

import pytest

from openhotline.audit.models import Record
from openhotline.core import held_back
from openhotline.core.net import fetch as net
from openhotline.core.net.errors import FetchRefused
from openhotline.core.net.fetch import Message, post
from openhotline.intake.models import Partner, Report, Webhook, WebhookMessage
from openhotline.intake.models.webhook import BACK_OFF, MOST_FAILURES, signature
from openhotline.intake.services import send_webhooks as module
from openhotline.intake.services.announce_stages import announce_stages
from openhotline.intake.services.send_webhooks import POLICY, send_webhooks
from openhotline.intake.services.set_webhook import set_webhook
from openhotline.intake.tests.webhook_ear import Ear

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def secret(partner: Partner, ear: Ear, now: datetime) -> str:
    """The partner is told at its server, and has the secret of the signatures."""
    return set_webhook(partner=partner, address=ear.address, actor="test", now=now)


@pytest.fixture
def message(take: Callable[..., Report], secret: str, now: datetime) -> WebhookMessage:
    """A report's word has changed, and this is to be told."""
    take()
    announce_stages(actor="test", now=now + DAY)
    return WebhookMessage.objects.get()


def verified(secret: str, headers: dict[str, str], body: bytes, at: datetime) -> bool:
    """Check a message as docs/operators/partners.md tells a partner to."""
    if abs(at.timestamp() - int(headers["webhook-timestamp"])) > 300:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = "v1," + base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()
    return any(hmac.compare_digest(wanted, one) for one in headers["webhook-signature"].split())


def test_a_partner_is_told_id_and_word_and_nothing_else(message: WebhookMessage, ear: Ear, now: datetime) -> None:
    assert send_webhooks(ids=[message.pk], actor="test", now=now + DAY) == 1
    (_, body), report = ear.heard[0], Report.objects.get()
    assert json.loads(body) == {
        "type": "report.stage_changed",
        "timestamp": (now + DAY).isoformat(),
        "data": {"id": report.public_id, "stage": "being worked on"},
    }


def test_the_signature_holds_for_these_bytes_at_this_time(
    message: WebhookMessage, secret: str, ear: Ear, now: datetime
) -> None:
    send_webhooks(ids=[message.pk], actor="test", now=now + DAY)
    headers, body = ear.heard[0]
    assert verified(secret, headers, body, now + DAY)
    assert not verified(secret, headers, body + b" ", now + DAY)
    assert not verified(secret, headers | {"webhook-id": "msg_other"}, body, now + DAY)
    assert not verified(secret, headers, body, now + DAY + timedelta(minutes=6))


def test_the_signature_is_that_of_the_standard() -> None:
    """The example of the Standard Webhooks specification's reference libraries."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    at = datetime.fromtimestamp(1614265330).astimezone()
    signed = signature(secret, message="msg_p5jXN8AQM9LWM0D4loKWxJek", at=at, body=b'{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_what_arrived_is_not_sent_again(message: WebhookMessage, ear: Ear, now: datetime) -> None:
    for _ in range(2):
        send_webhooks(ids=[message.pk], actor="test", now=now + DAY)
    assert len(ear.heard) == 1


def test_what_did_not_arrive_is_tried_later_under_the_same_id(message: WebhookMessage, ear: Ear, now: datetime) -> None:
    ear.answers = [500, 204]
    moment = now + DAY
    assert send_webhooks(ids=[message.pk], actor="test", now=moment) == 0
    message.refresh_from_db()
    assert message.next_at == moment + BACK_OFF[0]
    send_webhooks(ids=[message.pk], actor="test", now=message.next_at)
    assert [heads["webhook-id"] for heads, _ in ear.heard] == [message.public_id] * 2
    assert ear.heard[0][1] == ear.heard[1][1]


@pytest.mark.parametrize("answer", [301, 302, 307, 404])
def test_a_redirect_is_not_followed_and_is_no_arrival(
    message: WebhookMessage, ear: Ear, now: datetime, answer: int
) -> None:
    ear.answers = [answer]
    assert send_webhooks(ids=[message.pk], actor="test", now=now + DAY) == 0
    assert len(ear.heard) == 1


def test_after_three_days_one_message_is_given_up(message: WebhookMessage, ear: Ear, now: datetime) -> None:
    ear.answers = [500]
    for _ in range(len(BACK_OFF) + 1):
        message.refresh_from_db()
        send_webhooks(ids=[message.pk], actor="test", now=message.next_at or now)
    message.refresh_from_db()
    assert (message.next_at, message.delivered_at, message.attempts) == (None, None, len(BACK_OFF) + 1)


def test_in_vain_too_often_it_is_disabled_and_said_aloud(
    message: WebhookMessage, partner: Partner, ear: Ear, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    ear.answers = [500]
    Webhook.objects.update(failures=MOST_FAILURES - 1)
    WebhookMessage.objects.update(attempts=len(BACK_OFF))
    logging.getLogger("openhotline").propagate = True
    send_webhooks(ids=[message.pk], actor="test", now=now + DAY)
    assert Webhook.objects.get().disabled_at == now + DAY
    assert Record.objects.get(action="webhook_disabled").subject == partner.public_id
    assert f"the webhook of {partner.public_id} was disabled" in caplog.text


def test_an_outage_that_many_messages_fall_into_disables_nobody(
    message: WebhookMessage, take: Callable[..., Report], ear: Ear, now: datetime
) -> None:
    for turn in range(MOST_FAILURES):
        take(key=f"more {turn}")
    announce_stages(actor="test", now=now + DAY)
    ear.answers = [500]
    ids = list(WebhookMessage.objects.values_list("pk", flat=True))
    assert len(ids) > MOST_FAILURES
    send_webhooks(ids=ids, actor="test", now=now + DAY)
    assert Webhook.objects.get().disabled_at is None


def test_who_is_gone_is_disabled_at_once(message: WebhookMessage, ear: Ear, now: datetime) -> None:
    ear.answers = [410]
    send_webhooks(ids=[message.pk], actor="test", now=now + DAY)
    assert Webhook.objects.get().disabled_at is not None


def test_an_arrival_forgives_what_failed_before(message: WebhookMessage, now: datetime) -> None:
    Webhook.objects.update(failures=MOST_FAILURES - 1)
    send_webhooks(ids=[message.pk], actor="test", now=now + DAY)
    assert Webhook.objects.get().failures == 0


def test_a_server_that_is_not_there_is_a_failure_and_no_fault(message: WebhookMessage, now: datetime) -> None:
    Webhook.objects.update(address="http://127.0.0.1:9/hooks")
    assert send_webhooks(ids=[message.pk], actor="test", now=now + DAY) == 0
    message.refresh_from_db()
    assert message.next_at == now + DAY + BACK_OFF[0]


@pytest.mark.parametrize(
    "address", ["https://10.0.0.1/", "https://169.254.169.254/", "https://[::1]/", "https://localhost/"]
)
def test_no_message_goes_inside(address: str) -> None:
    with pytest.raises(FetchRefused):
        post(address, message=Message(b"{}", {}), policy=POLICY)


def test_nothing_is_sent_in_clear_or_without_an_authority() -> None:
    with pytest.raises(FetchRefused, match="https only"):
        post("http://site.example/", message=Message(b"{}", {}), policy=POLICY)
    with pytest.raises(FetchRefused, match="authority"):
        post("https://site.example/", message=Message(b"{}", {}), policy=net.Policy(1, 1.0, 0))


def test_the_log_names_no_address(message: WebhookMessage, now: datetime) -> None:
    send_webhooks(ids=[message.pk], actor="test", now=now + DAY)
    assert "127.0.0.1" not in str([vars(one) for one in Record.objects.filter(action__startswith="webhook")])


def test_planted_a_signature_without_its_moment_is_seen(
    message: WebhookMessage, secret: str, ear: Ear, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then an old message could be sent again by whoever kept it."""

    def without(secret: str, *, message: str, at: datetime, body: bytes) -> str:
        return signature(secret, message=message, at=datetime.fromtimestamp(0).astimezone(), body=body)

    monkeypatch.setattr(module, "signature", without)
    send_webhooks(ids=[message.pk], actor="test", now=now + DAY)
    headers, body = ear.heard[0]
    assert not verified(secret, headers, body, now + DAY)


def test_while_messages_are_held_back_none_is_tried_and_then_it_arrives(
    message: WebhookMessage, ear: Ear, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as held:
        held.setattr(held_back, "_reasons", [lambda: True])
        assert (send_webhooks(ids=[message.pk], actor="test", now=now + DAY), ear.heard) == (0, [])
    message.refresh_from_db()
    assert (message.attempts, message.delivered_at) == (0, None)
    assert send_webhooks(ids=[message.pk], actor="test", now=now + DAY) == 1
