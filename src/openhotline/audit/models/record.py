"""One line of the log."""

import json

from django.db import models

from openhotline.audit.models.tree import leaf_of


class Record(models.Model):
    """Who did what to what, and when. Names actors by outside id; no foreign keys; never changed or deleted."""

    uuid = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=64, help_text="person's outside id, or the name of a machine step")
    action = models.CharField(max_length=64)
    subject = models.CharField(max_length=64, help_text="outside id, or kind of the batch")
    count = models.PositiveIntegerField(default=1)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the list of ids acted on")
    detail = models.JSONField(default=dict, help_text="closed values only: no address, name or free text")

    class Meta:
        indexes = [models.Index(fields=["action", "at"]), models.Index(fields=["subject"])]

    @property
    def content(self) -> bytes:
        """Return every column in one canonical spelling (JSON): what the leaf of this record is the hash of."""
        columns = [
            self.pk,
            self.uuid,
            self.at.isoformat(),
            self.actor,
            self.action,
            self.subject,
            self.count,
            self.digest,
            self.detail,
        ]
        return json.dumps(columns, sort_keys=True, separators=(",", ":")).encode()

    @property
    def leaf(self) -> bytes:
        """Return the RFC 6962 leaf hash of this record."""
        return leaf_of(self.content)
