"""A signed version of the list."""

from django.db import models

from openhotline.core.ids import public_id
from openhotline.hashlists.states import ReleaseState


def _new_id() -> str:
    return public_id("rel")


class Release(models.Model):
    """Version numbers only grow. The file lies in ``$VAR/releases``; the signature covers its manifest."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    version = models.PositiveIntegerField(unique=True)
    state = models.CharField(max_length=16, default=ReleaseState.DRAFTED)
    entries = models.PositiveIntegerField()
    tombstones = models.PositiveIntegerField()
    last_entry = models.BigIntegerField(default=0, help_text="highest Entry key it covers")
    manifest = models.JSONField()
    manifest_sha256 = models.CharField(max_length=64)
    signature = models.CharField(max_length=128, blank=True)
    practice = models.BooleanField(default=False)
    drafted_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
