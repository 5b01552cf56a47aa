"""An organisation that reports by the API: its keys, what it sent, and which answers it was given.

The public door reads all of this with the receipt key alone: nothing here is encrypted, and nothing here is an
address, a text of a report, or a key that could be used.
"""

import json
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import connection, models

from openhotline.core.crypto import door_lookup
from openhotline.core.ids import public_id
from openhotline.intake.models.report import Report
from openhotline.intake.states import Scope


def _new_id() -> str:
    return public_id("par")


def _new_key_id() -> str:
    return public_id("key")


def _new_asked_id() -> str:
    return public_id("pka")


class Partner(models.Model):
    """A company, another hotline, an authority. ``hourly`` is how many reports an hour were agreed."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    name = models.CharField(max_length=120, unique=True)
    hourly = models.PositiveIntegerField()
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


# Asked for with every request of every partner: a query that is made anew each time takes longer than all else of it.
_SHOWN = """
SELECT k.id, k.public_id, k.scopes, p.id, p.public_id, p.name, p.hourly
FROM intake_partnerkey k JOIN intake_partner p ON p.id = k.partner_id
WHERE k.lookup = %s AND k.revoked_at IS NULL AND k.expires_at > %s AND p.ended_at IS NULL
"""


class PartnerKeys(models.Manager["PartnerKey"]):
    """Finds a key that somebody shows."""

    def shown(self, text: str, *, now: datetime) -> "PartnerKey | None":
        """Return the key that this text is, with its partner; None when there is none that may be used now.

        What is not needed to let somebody in is read when it is asked for.
        """
        moment = connection.ops.adapt_datetimefield_value(now)
        with connection.cursor() as cursor:
            cursor.execute(_SHOWN, [door_lookup("partner key", text), moment])
            found = cursor.fetchone()
        if found is None:
            return None
        number, name, scopes, *partner = found
        key = PartnerKey.from_db(self.db, ("id", "public_id", "scopes"), (number, name, json.loads(scopes)))
        key.partner = Partner.from_db(self.db, ("id", "public_id", "name", "hourly"), partner)
        return key


class PartnerKey(models.Model):
    """One key of a partner: its keyed hash, what it may be used for, and until when."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_key_id)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="keys")
    lookup = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = PartnerKeys()

    def may(self, scope: Scope) -> bool:
        """Say whether this key may be used for that."""
        return scope in self.scopes


class AskedKey(models.Model):
    """A key of a partner that one person asked for and another has to approve; it ends ``days`` after it is made.

    ``key`` is what was made of it, once.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_new_asked_id)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="asked_keys")
    scopes = models.JSONField()
    days = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()
    key = models.OneToOneField(PartnerKey, on_delete=models.PROTECT, null=True, related_name="asked")

    @property
    def manifest_sha256(self) -> str:
        """Return the SHA-256 (hex) of exactly this key: what the approval is bound to."""
        told = {
            "key": self.public_id,
            "partner": self.partner.public_id,
            "name": self.partner.name,
            "hourly": self.partner.hourly,
            "scopes": self.scopes,
            "days": self.days,
        }
        return sha256(json.dumps(told, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

    def ends(self, made_at: datetime) -> datetime:
        """Return until when the key may be used if it is made at this moment."""
        return made_at + timedelta(days=self.days)


class PartnerReport(models.Model):
    """Whose report it is. ``next_at`` is when its word changes next by the timetable; empty after the last."""

    report = models.OneToOneField(Report, on_delete=models.CASCADE, primary_key=True, related_name="sent_by")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="reports")
    next_at = models.DateTimeField(null=True, db_index=True)


class PartnerRequest(models.Model):
    """A request that was answered: sent again with its key it is answered the same, and nothing comes in twice.

    ``idempotency`` and ``body`` are keyed hashes; ``answer`` holds ids, moments and positions.
    """

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="requests")
    idempotency = models.CharField(max_length=64)
    body = models.CharField(max_length=64)
    answer = models.JSONField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "idempotency"], name="one_answer_a_request")]
