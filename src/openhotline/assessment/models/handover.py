"""What one shift tells the next."""

from django.db import models

from openhotline.core.fields import SealedText
from openhotline.core.ids import public_id


def _new_id() -> str:
    return public_id("hnd")


class HandoverNote(models.Model):
    """A note on one queue. It stands there until somebody takes it away; then the row stays, with the moment."""

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    queue = models.CharField(max_length=16, help_text="of Queue in states")
    text = SealedText()
    written_by = models.CharField(max_length=40)
    written_at = models.DateTimeField()
    ended_by = models.CharField(max_length=40, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["queue", "-written_at"], condition=models.Q(ended_at=None), name="notes_open")]
