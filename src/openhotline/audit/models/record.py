"""One line of the log."""

from django.db import models


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
