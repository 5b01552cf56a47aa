"""What was purged, and the tombstones that a restore replays."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django.db import models

from openhotline.core.ids import public_id
from openhotline.evidence.models.item import Item
from openhotline.evidence.states import PurgeReason, PurgeState


def _new_id() -> str:
    return public_id("prg")


def canonical(told: Mapping[str, Any]) -> bytes:
    """Return the one form of a manifest or certificate that is hashed and signed."""
    return json.dumps(told, sort_keys=True, separators=(",", ":")).encode()


class Purge(models.Model):
    """Items whose data keys are destroyed for good. ``manifest`` is exactly what two people approve."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    state = models.CharField(max_length=16, default=PurgeState.DRAFTED)
    reason = models.CharField(max_length=32, choices=[(reason.value, reason.value) for reason in PurgeReason])
    manifest = models.JSONField(help_text="purge, reason, and of each item its outside id, case and size")
    drafted_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    certificate = models.JSONField(null=True, help_text="signed; what a restore replays")

    @property
    def manifest_sha256(self) -> str:
        """Return the SHA-256 (hex) of the manifest: what the approval is bound to."""
        return sha256(canonical(self.manifest)).hexdigest()

    @property
    def names(self) -> list[str]:
        """Return the outside ids of the items."""
        return [one["item"] for one in self.manifest["items"]]


class Tombstone(models.Model):
    """An item that was purged: its facts stay, its bytes are gone."""

    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="tombstone")
    purge = models.ForeignKey(Purge, on_delete=models.PROTECT, related_name="tombstones")
    at = models.DateTimeField()
