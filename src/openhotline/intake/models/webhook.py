"""Where a partner wants to be told, and what it was told. Read by the worker and the operator, never by the door."""

import base64
import hmac
import json
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import models

from openhotline.core.fields import SealedText
from openhotline.core.ids import public_id
from openhotline.intake.models.partner import Partner
from openhotline.intake.models.report import Report

STAGE_CHANGED = "report.stage_changed"
SECRET_MARK = "whsec_"  # noqa: S105 - how the standard marks one
# As Standard Webhooks suggests: soon, then ever later, for a little more than three days in all.
BACK_OFF = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
MOST_FAILURES = 50


def _new_id() -> str:
    return public_id("msg")


class Webhook(models.Model):
    """A partner's address and the secret it checks signatures with. ``failures``: messages given up in a row."""

    partner = models.OneToOneField(Partner, on_delete=models.CASCADE, primary_key=True, related_name="webhook")
    address = SealedText()
    secret = SealedText(help_text="whsec_ and base64, as Standard Webhooks writes it")
    failures = models.PositiveIntegerField(default=0)
    set_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True)


class WebhookMessage(models.Model):
    """One thing that a partner is told. ``next_at`` is when to try (again); empty once it is over.

    Either one change of one report's word, or ``kind`` and ``data`` of something else, told once: ``about`` says what.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    report = models.ForeignKey(Report, on_delete=models.CASCADE, null=True, related_name="webhook_messages")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="webhook_messages")
    word = models.CharField(max_length=16, blank=True)
    kind = models.CharField(max_length=40, default=STAGE_CHANGED)
    about = models.CharField(max_length=64, null=True, help_text="what is told once; null: a report's word")  # noqa: DJ001 - unique where it is given
    data = models.JSONField(null=True, help_text="outside ids, numbers and words of closed lists; null: of the report")
    made_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, db_index=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "word"], name="one_message_a_word"),
            models.UniqueConstraint(fields=["partner", "about"], name="one_message_a_thing"),
        ]

    @property
    def body(self) -> bytes:
        """Return what is sent: always the same bytes, at every attempt."""
        data = {"id": self.report.public_id, "stage": self.word} if self.report else self.data
        content = {"type": self.kind, "timestamp": self.made_at.isoformat(), "data": data}
        return json.dumps(content, separators=(",", ":")).encode()


def signature(secret: str, *, message: str, at: datetime, body: bytes) -> str:
    """Return the signature of Standard Webhooks: HMAC-SHA256 of id, second and body, each after a full stop."""
    key = base64.b64decode(secret.removeprefix(SECRET_MARK))
    signed = f"{message}.{int(at.timestamp())}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()
