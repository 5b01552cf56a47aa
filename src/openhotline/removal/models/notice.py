"""A notice to a provider."""

from django.db import models

from openhotline.core.ids import public_id
from openhotline.removal.states import Level


def _new_id() -> str:
    return public_id("ntc")


class Notice(models.Model):
    """One mail to one contact about up to 50 addresses, each an XARF 4 report. Holds hashes, never pictures."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    hosting = models.ForeignKey("removal.Hosting", on_delete=models.PROTECT, null=True, related_name="notices")
    contact = models.ForeignKey("removal.Contact", on_delete=models.PROTECT, null=True, related_name="notices")
    level = models.CharField(max_length=16, default=Level.HOST, db_default=Level.HOST)
    chase = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="how many notices to this level went before"
    )
    addresses = models.PositiveSmallIntegerField()
    message_id = models.CharField(max_length=120, unique=True)
    xarf_sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    claimed_at = models.DateTimeField(null=True, help_text="a worker is handing it in")
    practice = models.BooleanField(default=False)


class Told(models.Model):
    """That a notice named an address, kept when later notices name it again."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="told")
    removal = models.ForeignKey("removal.Removal", on_delete=models.PROTECT, related_name="told")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "removal"], name="told_once_by_a_notice")]
