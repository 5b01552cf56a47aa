"""A notice to a provider."""

from django.db import models

from openhotline.core.ids import public_id


def _new_id() -> str:
    return public_id("ntc")


class Notice(models.Model):
    """One mail to one abuse contact about up to 50 addresses, each an XARF 4 report. Holds hashes, never pictures."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    hosting = models.ForeignKey("removal.Hosting", on_delete=models.PROTECT, related_name="notices")
    addresses = models.PositiveSmallIntegerField()
    message_id = models.CharField(max_length=120, unique=True)
    xarf_sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    practice = models.BooleanField(default=False)
