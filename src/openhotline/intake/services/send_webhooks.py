"""Partners are told at their address, signed as Standard Webhooks describes."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.held_back import held_back
from openhotline.core.net.errors import FetchFailed, FetchRefused
from openhotline.core.net.fetch import Message, Policy, post
from openhotline.intake.models import Webhook, WebhookMessage
from openhotline.intake.models.webhook import BACK_OFF, MOST_FAILURES, signature

# A partner that an operator registered is told at the address it gave; nothing that was reported is fetched.
AUTHORITY = "registered partner"
POLICY = Policy(max_bytes=4096, max_seconds=10.0, max_redirects=0, authority=AUTHORITY, agent="OpenHotline-Webhook/1")
OK, REDIRECTED, GONE = 200, 300, 410
log = logging.getLogger("openhotline.webhooks")


def send_webhooks(*, ids: Sequence[int], actor: str, now: datetime) -> int:
    """Try each message once and return how many arrived; what did not is tried again later, for three days.

    A partner for which 50 messages in a row were given up, or that answers 410, is disabled until its webhook is set
    again. An attempt in vain that is made again counts for nothing: many of them fall into one short outage. While
    messages are held back none is tried, and none grows older.
    """
    if held_back():
        return 0
    return sum(_send(pk, actor, now) for pk in ids)


def _send(pk: int, actor: str, now: datetime) -> bool:
    rows = WebhookMessage.objects.select_related("report", "partner__webhook")
    message = rows.filter(pk=pk, delivered_at=None).exclude(next_at=None).first()
    if message is None:
        return False
    hook = getattr(message.partner, "webhook", None)
    if hook is None or hook.disabled_at is not None:
        WebhookMessage.objects.filter(pk=pk).update(next_at=None)
        return False
    status = _posted(message, hook, now)
    return _noted(message, status, actor, now)


def _posted(message: WebhookMessage, hook: Webhook, now: datetime) -> int:
    """Return the status of the answer, 0 when there was none."""
    headers = {
        "Content-Type": "application/json",
        "webhook-id": message.public_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature(hook.secret, message=message.public_id, at=now, body=message.body),
    }
    policy = Policy(**(vars(POLICY) | {"only": settings.FETCH_ONLY, "ours": settings.OWN_NAMES}))
    try:
        return post(hook.address, message=Message(message.body, headers), policy=policy)
    except (FetchRefused, FetchFailed):
        return 0


def _noted(message: WebhookMessage, status: int, actor: str, now: datetime) -> bool:
    arrived = OK <= status < REDIRECTED
    with transaction.atomic():
        hook = Webhook.objects.select_for_update().filter(partner=message.partner).first()
        message.attempts += 1
        message.delivered_at = now if arrived else None
        left = BACK_OFF[message.attempts - 1 : message.attempts]
        message.next_at = now + left[0] if left and not arrived else None
        message.save(update_fields=["attempts", "delivered_at", "next_at"])
        action = "webhook_delivered" if arrived else "webhook_failed"
        record(
            actor=actor,
            action=action,
            subject=message.public_id,
            now=now,
            detail={"to": message.partner.public_id, "attempts": message.attempts},
        )
        given_up = not arrived and not left
        if hook is not None and (arrived or given_up or status == GONE):
            _count(hook, actor, now, arrived=arrived, gone=status == GONE)
    return arrived


def _count(hook: Webhook, actor: str, now: datetime, *, arrived: bool, gone: bool) -> None:
    hook.failures = 0 if arrived else hook.failures + 1
    if hook.disabled_at is None and (gone or hook.failures >= MOST_FAILURES):
        hook.disabled_at = now
        WebhookMessage.objects.filter(partner=hook.partner).update(next_at=None)
        record(actor=actor, action="webhook_disabled", subject=hook.partner.public_id, now=now)
        log.error("the webhook of %s was disabled after %s messages in vain", hook.partner.public_id, hook.failures)
    hook.save(update_fields=["failures", "disabled_at"])
