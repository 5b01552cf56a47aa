"""The legal authority under which the hotline fetches."""

from django.db import models

from openhotline.core.ids import public_id


def _new_id() -> str:
    return public_id("aut")


class Authority(models.Model):
    """Recorded by an operator before anything is fetched; checked at every fetch.

    One is live at a time: recording another ends it for good, and so does an operator (`end_authority`).
    """

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    scope = models.CharField(max_length=200, help_text="what may be fetched, in words")
    jurisdiction = models.CharField(max_length=16)
    approver = models.CharField(max_length=200, help_text="who gave it: an office, not a person's name")
    valid_from = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="withdrawn, or superseded by a newer one; null: neither")
    practice = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=models.Q(ended_at__isnull=True), name="one_live_authority"
            ),
        ]
