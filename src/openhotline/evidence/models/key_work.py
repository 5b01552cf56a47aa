"""What two people agreed to do to the keys."""

import json
from hashlib import sha256

from django.db import models

from openhotline.core.ids import public_id


def _new_id() -> str:
    return public_id("kwk")


class KeyWork(models.Model):
    """One piece of work on the keys, asked for by one person and approved by another, then done once."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    work = models.CharField(max_length=32)
    detail = models.JSONField(help_text="what exactly: an epoch's number, three public keys; no secret")
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    @property
    def manifest_sha256(self) -> str:
        """Return the SHA-256 (hex) of exactly this work: what the approval is bound to."""
        told = {"key_work": self.public_id, "work": self.work, "detail": self.detail}
        return sha256(json.dumps(told, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
