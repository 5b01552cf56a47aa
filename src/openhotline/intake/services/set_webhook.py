"""A partner wants to be told when the word of a report changes, or no longer."""

import base64
import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.errors import NotNow
from openhotline.core.net.addresses import parse
from openhotline.intake.models import Partner, Webhook
from openhotline.intake.models.webhook import SECRET_MARK


def set_webhook(*, partner: Partner, address: str, actor: str, now: datetime) -> str:
    """Keep a partner's address and return the new secret of its signatures, told this once.

    It takes the place of what was there, and wakes what was disabled. An empty address ends the webhook and returns
    the empty text. Raises AddressInvalid for what is no address, NotNow for one without encryption.
    """
    if address and parse(address).scheme != "https" and not settings.PRACTICE:
        raise NotNow("A webhook's address begins with https://, so that nobody on the way reads which report moved.")
    secret = SECRET_MARK + base64.b64encode(secrets.token_bytes(32)).decode() if address else ""
    with transaction.atomic():
        Webhook.objects.filter(partner=partner).delete()
        if address:
            Webhook.objects.create(partner=partner, address=address, secret=secret, set_at=now)
        action = "webhook_set" if address else "webhook_ended"
        record(actor=actor, action=action, subject=partner.public_id, now=now)
    return secret
